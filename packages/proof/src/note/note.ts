import { fromBase64, toBase64 } from '../base64.ts'
import { ProofError } from '../error.ts'
import { Kind, type Signer, type Verifier } from './keys.ts'

/** A text with signatures (C2SP signed-note). */
export interface Note {
  /** Ends with a line feed. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

export interface NoteSignature {
  readonly name: string
  readonly id: number
  /** What follows the key id. */
  readonly bytes: Uint8Array
}

/** A signature that holds. */
export interface Signed {
  readonly verifier: Verifier
  /** Of a cosignature: when the witness saw it, in seconds since the Unix epoch; 0 otherwise. */
  readonly time: number
}

/** Longer notes, and more signatures, are nobody's. */
const LONGEST = 1_000_000
const MOST_SIGNATURES = 100
const TIME_BYTES = 8
const utf8 = new TextEncoder()

/** Reads a note. Errors: `note_malformed`. */
export function readNote(bytes: string): Note {
  const end = bytes.lastIndexOf('\n\n')
  if (bytes.length > LONGEST || end < 0) throw malformed('a note is a text, an empty line, and signatures')
  const text = bytes.slice(0, end + 1)
  // Control characters but the line feed would show another text than is signed.
  for (const letter of text) if (letter < ' ' && letter !== '\n') throw malformed('the text has a control character')
  const lines = bytes.slice(end + 2).split('\n')
  if (lines.pop() !== '' || lines.length === 0) throw malformed('signatures are whole lines, one at least')
  if (lines.length > MOST_SIGNATURES) throw malformed(`there are more than ${MOST_SIGNATURES} signatures`)
  return { text, signatures: lines.map(readSignature) }
}

function readSignature(line: string): NoteSignature {
  const found = /^— ([^+\s]+) (\S+)$/u.exec(line)
  const bytes = fromBase64(found?.[2] ?? '')
  if (found === null || bytes === null || bytes.length < 5) throw malformed('a signature is a dash, a name and base64')
  return { name: found[1], id: new DataView(bytes.buffer).getUint32(0), bytes: bytes.slice(4) }
}

/** Signs a text, which must end with a line feed. @param time of a cosignature, seconds since the Unix epoch */
export async function signNote(text: string, signer: Signer, time = 0): Promise<NoteSignature> {
  if (!text.endsWith('\n')) throw malformed('the text does not end with a line feed')
  const signature = await signer.sign(Uint8Array.from(utf8.encode(signedText(text, signer.kind, time))))
  const bytes = signer.kind === Kind.cosignature ? Uint8Array.of(...timeBytes(time), ...signature) : signature
  return { name: signer.name, id: signer.id, bytes }
}

/** A note as text. */
export function writeNote({ text, signatures }: Note): string {
  const lines = signatures.map(({ name, id, bytes }) => {
    const head = new Uint8Array(4)
    new DataView(head.buffer).setUint32(0, id)
    return `— ${name} ${toBase64(Uint8Array.of(...head, ...bytes))}\n`
  })
  return `${text}\n${lines.join('')}`
}

/**
 * The signatures of those who are believed. Signatures of others count for nothing, whatever they are. Errors: `note_signature` where
 * one that is of a believed key by name and id does not hold.
 */
export async function verifyNote({ text, signatures }: Note, verifiers: readonly Verifier[]): Promise<Signed[]> {
  const held: Signed[] = []
  for (const { name, id, bytes } of signatures) {
    const verifier = verifiers.find(each => each.name === name && each.id === id)
    if (verifier === undefined || held.some(each => each.verifier === verifier)) continue
    const isCosigned = verifier.kind === Kind.cosignature
    const time = isCosigned && bytes.length > TIME_BYTES ? timeOf(bytes) : 0
    const signature = Uint8Array.from(isCosigned ? bytes.subarray(TIME_BYTES) : bytes)
    const good = await verifier.verify(Uint8Array.from(utf8.encode(signedText(text, verifier.kind, time))), signature)
    if (!good) throw new ProofError('note_signature', `the signature of ${name} is not that of this text`)
    held.push({ verifier, time })
  }
  return held
}

/** What is signed: the text, behind the time where a witness signs (C2SP tlog-cosignature). */
function signedText(text: string, kind: Kind, time: number): string {
  return kind === Kind.cosignature ? `cosignature/v1\ntime ${time}\n${text}` : text
}

function timeBytes(time: number): Uint8Array {
  const bytes = new Uint8Array(TIME_BYTES)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(time))
  return bytes
}

function timeOf(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0))
}

function malformed(what: string): ProofError {
  return new ProofError('note_malformed', what)
}
