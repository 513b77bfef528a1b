import type { Version } from '../build.ts'

/** A conformance clause of the standard, or a section where it numbers none, as this gateway keeps it. */
export interface Clause {
  readonly id: string
  readonly versions: readonly Version[]
  /** Whom it binds. */
  readonly binds: 'client' | 'server' | 'both'
  /** What it asks, in our words. */
  readonly says: string
  /** The files that enforce it, under `packages/`; empty where it cannot be observed between two sides. */
  readonly where: readonly string[]
  /** The fault's codes. */
  readonly codes: readonly string[]
  /** Another clause by which its breach is reported; or, where nothing enforces it, why. */
  readonly note?: string
  readonly via?: string
}

/** The files that enforce clauses, by a short name. */
export const FILES = {
  utf8: 'wire/src/mqtt/utf8.ts',
  cursor: 'wire/src/mqtt/cursor.ts',
  properties: 'wire/src/mqtt/properties.ts',
  property: 'wire/src/mqtt/property.ts',
  field: 'wire/src/mqtt/properties-field.ts',
  framing: 'wire/src/mqtt/framing.ts',
  scanner: 'wire/src/mqtt/scanner.ts',
  legal: 'wire/src/mqtt/legal.ts',
  body: 'wire/src/mqtt/body.ts',
  connect: 'wire/src/mqtt/connect.ts',
  connack: 'wire/src/mqtt/connack.ts',
  will: 'wire/src/mqtt/will.ts',
  publish: 'wire/src/mqtt/publish.ts',
  acks: 'wire/src/mqtt/acks.ts',
  subscribe: 'wire/src/mqtt/subscribe.ts',
  unsubscribe: 'wire/src/mqtt/unsubscribe.ts',
  suback: 'wire/src/mqtt/suback.ts',
  topic: 'wire/src/mqtt/topic.ts',
  session: 'gateway/src/session/session.ts',
  agreement: 'gateway/src/session/agreement.ts',
  authentication: 'gateway/src/session/authentication.ts',
  asked: 'gateway/src/session/asked.ts',
  message: 'gateway/src/path/message.ts',
  receive: 'gateway/src/path/receive.ts',
  sweep: 'gateway/src/path/sweep.ts',
  open: 'gateway/src/path/open.ts',
} as const

export type FileName = keyof typeof FILES

/** A clause that is enforced: `files` and `codes` are separated by spaces. */
export function kept(
  versions: '4' | '5' | '45',
  id: string,
  binds: Clause['binds'],
  says: string,
  files: string,
  codes: string,
  via?: string,
): Clause {
  const where = files.split(' ').map(name => {
    if (!(name in FILES)) throw new TypeError(`no file ${name}`)
    return FILES[name as FileName]
  })
  const numbers = [...versions].map(each => (each === '4' ? 4 : 5) as Version)
  return { id, versions: numbers, binds, says, where, codes: codes.split(' '), ...(via && { via }) }
}

/** A clause that nothing on the way can hold a side to. */
export function aside(
  versions: '4' | '5' | '45',
  id: string,
  binds: Clause['binds'],
  says: string,
  note: string,
): Clause {
  const numbers = [...versions].map(each => (each === '4' ? 4 : 5) as Version)
  return { id, versions: numbers, binds, says, where: [], codes: [], note }
}
