import type { IncomingMessage, ServerResponse } from 'node:http'
import { LONGEST_REQUEST, type Witness, type WitnessAnswer } from '../witness/index.ts'
import { refuse } from './bounds.ts'

const PATH = '/add-checkpoint'

/**
 * Answers the requests of C2SP tlog-witness by a witness. A body of more than it may have is not read to its end.
 * @param tell is told how each was answered, or the error by which it could not be
 */
export function witnessService(
  witness: Witness,
  tell: (answer: WitnessAnswer | Error) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    if (request.url !== PATH) return refuse(response, 404, `requests go to ${PATH}`)
    if (request.method !== 'POST') return refuse(response, 405, 'a checkpoint is posted', { allow: 'POST' })
    respond(witness, request, response).then(
      answer => {
        if (answer !== null) tell(answer)
      },
      error => {
        tell(error instanceof Error ? error : new Error(String(error)))
        if (response.headersSent) response.destroy()
        else refuse(response, 500, 'the witness cannot keep its state')
      },
    )
  }
}

async function respond(
  witness: Witness,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<WitnessAnswer | null> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > LONGEST_REQUEST) {
        refuse(response, 413, `a request has ${LONGEST_REQUEST} bytes at most`, { connection: 'close' })
        return null
      }
      chunks.push(chunk)
    }
  } catch {
    // The client went away before its request was whole.
    return null
  }
  const answer = await witness.answer(Buffer.concat(chunks).toString('utf8'))
  response.writeHead(answer.status, { 'content-type': answer.type, 'cache-control': 'no-store' })
  response.end(answer.body)
  return answer
}
