import type { Fields } from './fields.ts'
import { readProperties } from './properties.ts'

/** Reads a CONNECT and answers the version that it names: 3 (`MQIsdp`), 4, 5, or whatever else stands there. */
export function readConnect(fields: Fields): number {
  fields.string('protocol_string', fields.prefixed())
  const version = fields.u8()
  fields.number('protocol_version', version)
  const flags = fields.u8()
  // The keep-alive is not in EVE.
  fields.u16()
  const properties = version === 5 ? fields.aside(readProperties) : ''
  fields.string('client_id', fields.prefixed())
  writeFlags(fields, flags)
  const will = (flags & 0x04) === 0 ? '' : fields.aside(version === 5 ? readWill5 : readWill)
  if ((flags & 0x80) !== 0) fields.string('username', fields.prefixed())
  if ((flags & 0x40) !== 0) {
    const start = fields.prefixed()
    if (fields.writing.passwords) fields.binary('password', start)
  }
  fields.text += will + properties
  return version
}

function writeFlags(fields: Fields, flags: number): void {
  fields.open('flags')
  fields.flag('username', (flags & 0x80) !== 0)
  fields.flag('password', (flags & 0x40) !== 0)
  fields.flag('will_retain', (flags & 0x20) !== 0)
  fields.flag('will', (flags & 0x04) !== 0)
  fields.flag('clean_session', (flags & 0x02) !== 0)
  fields.close()
}

function readWill(fields: Fields): void {
  fields.open('will')
  readMessage(fields)
  fields.close()
}

function readWill5(fields: Fields): void {
  fields.open('will')
  const properties = fields.aside(readProperties)
  readMessage(fields)
  fields.text += properties
  fields.close()
}

function readMessage(fields: Fields): void {
  fields.string('topic', fields.prefixed())
  fields.binary('message', fields.prefixed())
}
