"""What a hub sends, in bytes."""

import re
import subprocess


def settings(folder, url, token):
    """A file for curl's -K: the token is in no argument."""
    path = f"{folder}/curl"
    with open(path, "w") as file:
        file.write(f'silent\nfail\nurl = "{url}"\nheader = "Authorization: Bearer {token}"\n')
    return path


def fetched(folder, url, token):
    """How many bytes an answer has for who takes zstd."""
    return int(subprocess.run(
        ["curl", "-K", settings(folder, url, token), "-H", "Accept-Encoding: zstd", "-o", f"{folder}/answer",
         "-w", "%{size_download}"], check=True, text=True, capture_output=True).stdout.split()[-1])


class Lines:
    """The lines of a dataset as its hub sends them to who takes zstd."""

    def __init__(self, url, token, folder):
        self.url, self.token, self.folder = url, token, folder
        self.after = ""

    def count(self):
        """The bytes of those that have come since it was asked last."""
        total = 0
        while True:
            path = settings(self.folder, f"{self.url}/changesets?{self.after}", self.token)
            answer = subprocess.run(
                ["curl", "-K", path, "-H", "Accept-Encoding: zstd", "-D", "-", "-o", f"{self.folder}/lines",
                 "-w", "%{size_download}"], check=True, text=True, capture_output=True).stdout
            total += int(answer.split()[-1])
            self.after = "after=" + re.search(r"(?im)^tally-cursor: (\S+)", answer)[1]
            if not re.search(r"(?i)^tally-more: true", answer, re.M):
                return total
