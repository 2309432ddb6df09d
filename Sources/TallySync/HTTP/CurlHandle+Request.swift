import CCurl

extension CurlHandle {
    /// What is the same for every request.
    func setConstants() {
        allowOnlyWeb()
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_NOPROGRESS, 1)
        leaveResolver()
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        // Through a proxy, headers (and the token) are for the hub alone:
        // https://curl.se/libcurl/c/CURLOPT_HEADEROPT.html
        set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // A hub may hold a request for a minute, and a router forget it meanwhile.
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_TCP_KEEPIDLE, 30)
        set(CURLOPT_TCP_KEEPINTVL, 30)
    }

    /// Trusts the same for a proxy that is itself spoken to over TLS.
    func setTrust(_ trust: CertificateTrust) {
        if let bundle = trust.bundle {
            set(CURLOPT_CAINFO, bundle)
            set(CURLOPT_PROXY_CAINFO, bundle)
        }
        if let folder = trust.folder {
            set(CURLOPT_CAPATH, folder)
            set(CURLOPT_PROXY_CAPATH, folder)
        }
    }

    func setBounds(of request: HTTPRequest) {
        precondition(request.connectTimeoutMs > 0, "0 is no bound to libcurl")
        set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeoutMs)
        if let timeoutMs = request.timeoutMs {
            precondition(timeoutMs > 0, "0 is no bound to libcurl")
            set(CURLOPT_TIMEOUT_MS, timeoutMs)
        }
        if let lowSpeed = request.lowSpeed {
            set(CURLOPT_LOW_SPEED_LIMIT, lowSpeed.bytesPerSecond)
            set(CURLOPT_LOW_SPEED_TIME, lowSpeed.seconds)
        }
    }

    /// - Parameter body: must outlive the transfer.
    func setMethod(_ method: HTTPMethod, body: UnsafeRawBufferPointer) {
        switch method {
        case .get:
            set(CURLOPT_HTTPGET, 1)
        case .put, .post:
            // PUT as a POST under another name: libcurl then has the whole body at hand when a
            // connection that was kept turns out to be closed and it must send again.
            // https://curl.se/libcurl/c/CURLOPT_POSTFIELDS.html
            setOffset(CURLOPT_POSTFIELDSIZE_LARGE, body.count)
            if body.isEmpty {
                // A null pointer would make it ask for the body with CURLOPT_READFUNCTION.
                set(CURLOPT_COPYPOSTFIELDS, "")
            } else {
                setPointer(CURLOPT_POSTFIELDS, body.baseAddress)
            }
            set(CURLOPT_CUSTOMREQUEST, method.rawValue)
        }
    }

    /// - Parameter inbox: must outlive the transfer.
    func receive(into inbox: Inbox) {
        let context = UnsafeRawPointer(Unmanaged.passUnretained(inbox).toOpaque())
        set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            Inbox.at(context).take(bytes, size * count) { reader, bytes in
                reader.take(headerLine: [UInt8](bytes))
            }
        }
        setPointer(CURLOPT_HEADERDATA, context)
        set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            Inbox.at(context).take(bytes, size * count) { reader, bytes in
                reader.take(body: bytes)
            }
        }
        setPointer(CURLOPT_WRITEDATA, context)
    }
}
