import { ProofError } from '../error.ts'
import { readCheckpoint } from './checkpoint.ts'
import { Kind } from './keys.ts'

const utf8 = new TextEncoder()
const LABEL = utf8.encode('subtree/v1\n\0')
const ROOT_BYTES = 32
const LONGEST_NAME = 255

/** What is signed: the text of a note, and what a witness says of it besides (C2SP tlog-cosignature). Error: `checkpoint_malformed`. */
export function signedBytes(
  text: string,
  by: { readonly name: string; readonly kind: Kind },
  time: number,
): Uint8Array<ArrayBuffer> {
  if (by.kind === Kind.ed25519) return Uint8Array.from(utf8.encode(text))
  if (by.kind === Kind.cosignature) return Uint8Array.from(utf8.encode(`cosignature/v1\ntime ${time}\n${text}`))
  const { origin, size, root } = readCheckpoint(text)
  const [name, log] = [utf8.encode(by.name), utf8.encode(origin)]
  if (name.length > LONGEST_NAME || log.length > LONGEST_NAME)
    throw new ProofError('checkpoint_malformed', `a name or origin has more than ${LONGEST_NAME} bytes`)
  const bytes = new Uint8Array(LABEL.length + 1 + name.length + 8 + 1 + log.length + 16 + ROOT_BYTES)
  const view = new DataView(bytes.buffer)
  let at = 0
  const put = (some: Uint8Array): void => {
    bytes.set(some, at)
    at += some.length
  }
  const putNumber = (value: number): void => {
    view.setBigUint64(at, BigInt(value))
    at += 8
  }
  put(LABEL)
  put(Uint8Array.of(name.length))
  put(name)
  putNumber(time)
  put(Uint8Array.of(log.length))
  put(log)
  // A checkpoint is the subtree from the first entry on.
  putNumber(0)
  putNumber(size)
  put(root)
  return bytes
}
