import { shortName } from '../../evidence/names.ts'
import { Secrets } from '../../evidence/secret.ts'
import { Fields, SILENT } from './fields.ts'
import { readProperties } from './properties.ts'

/** Who a CONNECT says it is, in names as the evidence has them. */
export interface ConnectParts {
  readonly clientId: string
  readonly user: string
  /** What stands for its password, 0 where it has none. */
  readonly secret: number
  /** Seconds. */
  readonly keepAlive: number
  /** The topic of its will, '' where it leaves none. */
  readonly will: string
  /** No session of before is wanted. */
  readonly clean: boolean
}

export const NO_CONNECT: ConnectParts = { clientId: '', user: '', secret: 0, keepAlive: 0, will: '', clean: false }

/** Of one process's own captures: nothing else is compared. */
const secrets = new Secrets()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Reads a CONNECT of any version, however illegal; null where it ends too early. `[body, end)` is its content. */
export function readParts(bytes: Uint8Array, body: number, end: number): ConnectParts | null {
  const fields = new Fields()
  fields.begin(bytes, body, end, SILENT)
  fields.prefixed()
  const version = fields.u8()
  const flags = fields.u8()
  const keepAlive = fields.u16()
  if (version === 5) readProperties(fields)
  const clientId = text(fields)
  let will = ''
  if ((flags & 0x04) !== 0) {
    if (version === 5) readProperties(fields)
    will = text(fields)
    fields.prefixed()
  }
  const user = (flags & 0x80) === 0 ? '' : text(fields)
  const start = (flags & 0x40) === 0 ? -1 : fields.prefixed()
  if (fields.broken) return null
  const secret = secrets.of(start < 0 ? undefined : bytes.subarray(start, fields.at))
  return { clientId, user, secret, keepAlive, will, clean: (flags & 0x02) !== 0 }
}

function text(fields: Fields): string {
  const start = fields.prefixed()
  return fields.broken ? '' : shortName(decoder.decode(fields.bytes.subarray(start, fields.at)))
}
