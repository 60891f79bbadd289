#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""server.py DIRECTORY: files over HTTP on a free port of this host, which it prints.

/cut/NAME ends in the middle, /lost/NAME is not there, /else/NAME is somewhere else.
"""
import http.server
import os
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        directory, name = os.path.split(self.path.split('?')[0])
        if directory == '/lost':
            self.send_error(404)
            return
        if directory == '/else':
            self.send_response(302)
            self.send_header('Location', '/' + name)
            self.end_headers()
            return
        with open(os.path.join(sys.argv[1], name), 'rb') as file:
            text = file.read()
        self.send_response(200)
        self.send_header('Content-Length', str(len(text)))
        self.send_header('Last-Modified', 'Thu, 01 Jan 2026 00:00:00 GMT')
        self.end_headers()
        self.wfile.write(text[:len(text) // 2] if directory == '/cut' else text)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
