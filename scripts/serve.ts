// A small web server on this machine, for the sample page and for pages of the tests.

import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export interface Site {
  readonly origin: string
  /** Serves this HTML from now on; gives its address. */
  page(html: string): string
  close(): void
}

/** Serves a folder, and pages given as text, on a free port of 127.0.0.1. */
export async function serve(folder: string): Promise<Site> {
  const pages = new Map<string, string>()
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const page = pages.get(path)
    if (page !== undefined) {
      response.writeHead(200, { 'content-type': types['.html'] })
      response.end(page)
      return
    }
    const file = join(folder, normalize(path === '/' ? '/index.html' : path))
    if (!file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
    createReadStream(file).pipe(response)
  })
  const origin = `http://127.0.0.1:${await listen(server)}`
  return {
    origin,
    page(html) {
      const path = `/page-${pages.size + 1}.html`
      pages.set(path, html)
      return origin + path
    },
    close: () => server.close(),
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
