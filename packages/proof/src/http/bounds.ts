import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'

const MOST_CONNECTIONS = 64
const DEADLINE_MS = 10_000
const HEADER_BYTES = 8_192

/** A server whose clients cannot hold it up: few connections, short headers, and a deadline for each request. */
export function boundedServer(listener: RequestListener): Server {
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES,
      headersTimeout: DEADLINE_MS,
      requestTimeout: DEADLINE_MS,
      keepAliveTimeout: DEADLINE_MS,
      connectionsCheckingInterval: 1_000,
    },
    listener,
  )
  server.maxConnections = MOST_CONNECTIONS
  // Nor may an answer lie there unread.
  server.setTimeout(2 * DEADLINE_MS)
  return server
}

/** Answers with a status and one line. */
export function refuse(
  response: ServerResponse,
  status: number,
  what: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers })
  response.end(`${what}\n`)
}
