import { ProofError } from '../error.ts'
import { readCheckpoint, readNote, type Verifier, verifyNote, writeNote } from '../note/index.ts'
import { writeRequest } from './request.ts'

/** Where a witness takes requests, and the key that its cosignatures are believed by. */
export interface WitnessPlace {
  /** Before `/add-checkpoint`. */
  readonly url: string
  readonly verifier: Verifier
}

const LONGEST_ANSWER = 64 * 1024
const DEADLINE_MS = 10_000

/**
 * Asks a witness to cosign a checkpoint; gives the note with its cosignature. `prove` gives the consistency proof from a size on; `old` is what the
 * witness is believed to have cosigned last, and is asked again once where it has another. Errors: `witness_unreachable`; `split_view` where the
 * witness has cosigned another tree of this size; `inconsistent` where it has cosigned one that this does not go on from; `witness_ahead` where it
 * has cosigned a larger one; `witness_refused`, `witness_answer`.
 */
export async function askWitness(
  { url, verifier }: WitnessPlace,
  note: string,
  old: number,
  prove: (before: number) => readonly Uint8Array[],
  stop?: AbortSignal,
): Promise<string> {
  const { size } = readCheckpoint(readNote(note).text)
  const ask = (from: number) => post(url, writeRequest({ old: from, proof: from === 0 ? [] : prove(from), note }), stop)
  let answer = await ask(old)
  if (answer.status === 409) {
    const has = Number(/^(0|[1-9]\d*)\n$/.exec(answer.body)?.[1] ?? Number.NaN)
    if (!Number.isSafeInteger(has)) throw failed('witness_answer', url, 'it names no size')
    if (has === size && old === size) throw failed('split_view', url, `it has cosigned another tree of ${size} entries`)
    if (has > size) throw failed('witness_ahead', url, `it has cosigned ${has} entries already`)
    answer = await ask(has)
    if (answer.status === 409 && has === size)
      throw failed('split_view', url, `it has cosigned another tree of ${size} entries`)
  }
  if (answer.status === 422)
    throw failed('inconsistent', url, 'it has cosigned a tree that this one does not begin with')
  if (answer.status !== 200) throw failed('witness_refused', url, `it answers with status ${answer.status}`)
  return await withCosignature(note, answer.body, verifier, url)
}

/** Takes only the cosignature of the witness that was asked, and only where it holds. */
async function withCosignature(note: string, lines: string, verifier: Verifier, url: string): Promise<string> {
  const { text, signatures } = readNote(note)
  try {
    const given = readNote(`${text}\n${lines}`).signatures
    const own = given.find(({ name, id }) => name === verifier.name && id === verifier.id)
    if (own !== undefined && (await verifyNote({ text, signatures: [own] }, [verifier])).length === 1) {
      const others = signatures.filter(({ name, id }) => name !== own.name || id !== own.id)
      return writeNote({ text, signatures: [...others, own] })
    }
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
  }
  throw failed('witness_answer', url, `it gives no cosignature of ${verifier.name} that holds`)
}

async function post(url: string, body: string, stop?: AbortSignal): Promise<{ status: number; body: string }> {
  try {
    const answer = await fetch(`${url.replace(/\/$/, '')}/add-checkpoint`, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.any([AbortSignal.timeout(DEADLINE_MS), ...(stop === undefined ? [] : [stop])]),
    })
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      if (text.length > LONGEST_ANSWER) throw new RangeError('the answer is too long')
    }
    return { status: answer.status, body: text }
  } catch (error) {
    // What fetch says of itself is only that it failed.
    const { cause } = error as { cause?: unknown }
    const reason = cause instanceof Error ? cause : error
    throw failed('witness_unreachable', url, reason instanceof Error ? reason.message : String(reason))
  }
}

function failed(code: string, url: string, what: string): ProofError {
  return new ProofError(code, `the witness at ${url}: ${what}`)
}
