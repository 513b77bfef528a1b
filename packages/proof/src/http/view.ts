import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { CHECKPOINT_FILE, readIfThere, readTile } from '../files/read.ts'
import { parseTilePath } from '../tiles/index.ts'
import { refuse } from './bounds.ts'

/** A tile of a width never changes (C2SP tlog-tiles). The checkpoint does. */
const FOR_EVER = 'public, max-age=31536000, immutable'
const ASKED_AGAIN = 'no-cache'

/**
 * Answers the requests for a ledger's files that any client of C2SP tlog-tiles makes: `/checkpoint`, `/tile/...` and `/tile/entries/...`. A path is
 * parsed and spelled anew, so that it names nothing else. What is published is seen. A partial tile whose wider one has taken its place is cut
 * from that.
 */
export function ledgerView(folder: string): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response, 405, 'the ledger is read only', { allow: 'GET, HEAD' })
    const path = (request.url ?? '').slice(1)
    const name = parseTilePath(path)
    const isCheckpoint = path === CHECKPOINT_FILE
    let bytes: Uint8Array | null = null
    try {
      if (isCheckpoint) bytes = readIfThere(join(folder, CHECKPOINT_FILE))
      else if (name !== null) bytes = readTile(folder, name)
    } catch {
      return refuse(response, 500, 'the file cannot be read')
    }
    if (bytes === null) return refuse(response, 404, 'there is no such file')
    response.writeHead(200, {
      'content-type': isCheckpoint ? 'text/plain; charset=utf-8' : 'application/octet-stream',
      'content-length': bytes.length,
      'cache-control': isCheckpoint ? ASKED_AGAIN : FOR_EVER,
      'x-content-type-options': 'nosniff',
    })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  }
}
