import Hummingbird
import HummingbirdTLS
print("hub")
