import { PacketType } from '@ringwall/wire/mqtt'
import { EVERY_TYPE, typeBit } from '../match/buffers.ts'
import { hasReason, REASON_TYPES } from '../match/reasons.ts'
import type { Keyword } from './keywords-meta.ts'
import { type NumberTest, readNumberTest } from './number.ts'
import type { Option } from './options.ts'
import { given, wrong } from './values.ts'

const TYPES: ReadonlyMap<string, number> = new Map([
  ...Object.entries(PacketType).map(([name, type]): [string, number] => [name.toLowerCase(), type]),
  ['unassigned', 0],
])

const HEADER_FLAGS: ReadonlyMap<string, number> = new Map([
  ['dup', 0x08],
  ['retain', 0x01],
])

const CONNECT_FLAGS: ReadonlyMap<string, number> = new Map([
  ['username', 0x80],
  ['password', 0x40],
  ['will_retain', 0x20],
  ['will', 0x04],
  ['clean_session', 0x02],
])

const reason: Keyword = (draft, option) => {
  const test = numberOf(option, 0xff)
  draft.checks.push({ types: REASON_TYPES, holds: fields => hasReason(fields, test) })
}

/** The fields of MQTT that are numbers and flags. */
export const MQTT_KEYWORDS: Readonly<Record<string, Keyword>> = {
  'mqtt.type': (draft, option) => {
    const test = numberOf(option, 15, TYPES)
    let types = 0
    for (let type = 0; type < 16; type++) if (test(type)) types |= typeBit(type)
    draft.checks.push({ types, holds: null })
  },
  'mqtt.flags': (draft, option) => {
    const test = flagsOf(option, HEADER_FLAGS)
    // Dup and retain alone, whatever the QoS bits are.
    draft.checks.push({ types: EVERY_TYPE, holds: null, first: byte => test(byte & 0x09) })
  },
  'mqtt.qos': (draft, option) => {
    const test = numberOf(option, 2)
    draft.checks.push({ types: EVERY_TYPE, holds: null, first: byte => test((byte >> 1) & 3) })
  },
  'mqtt.protocol_version': (draft, option) => {
    const test = numberOf(option, 0xff)
    draft.checks.push({ types: EVERY_TYPE, holds: fields => test(fields.version) })
  },
  'mqtt.reason_code': reason,
  'mqtt.connack.return_code': reason,
  'mqtt.connack.session_present': (draft, option) => {
    const value = given(option).toLowerCase()
    if (!/^(yes|true|no|false)$/.test(value)) return wrong(option, `${value} is no truth`, 'Write yes or no.')
    const wanted = value === 'yes' || value === 'true' ? 1 : 0
    draft.checks.push({
      types: typeBit(PacketType.CONNACK),
      holds: ({ packet }) => packet.body < packet.end && (packet.bytes[packet.body] & 1) === wanted,
    })
  },
  'mqtt.connect.flags': (draft, option) => {
    const test = flagsOf(option, CONNECT_FLAGS)
    draft.checks.push({
      types: typeBit(PacketType.CONNECT),
      holds: fields => fields.connectFlags >= 0 && test(fields.connectFlags),
    })
  },
}

function numberOf(option: Option, most: number, names?: ReadonlyMap<string, number>): NumberTest {
  const value = given(option)
  const test = readNumberTest(value, most, names)
  if (test !== null) return test
  const known = names === undefined ? '' : ` or one of ${[...names.keys()].join(', ').toUpperCase()}`
  return wrong(option, `${JSON.stringify(value)} is no condition on a number up to ${most}`, `Write 2, >2, <2${known}.`)
}

/** A list of flags that must be set or, behind `!`, must not; or a condition on the number that they make. */
function flagsOf(option: Option, known: ReadonlyMap<string, number>): NumberTest {
  const value = given(option)
  const number = /^[\s\d<>=&!x-]/i.test(value) && !/^!?\s*[a-z]/i.test(value) ? readNumberTest(value, 0xff) : null
  if (number !== null) return number
  let mask = 0
  let wanted = 0
  for (const item of value.split(',')) {
    const found = /^\s*(!?)\s*(\w+)\s*$/.exec(item)
    const bit = found === null ? undefined : known.get(found[2])
    if (found === null || bit === undefined) {
      return wrong(option, `${JSON.stringify(item.trim())} is no flag`, `Known: ${[...known.keys()].join(', ')}.`)
    }
    if ((mask & bit) !== 0) wrong(option, `${found[2]} stands twice`, 'Leave one.')
    mask |= bit
    if (found[1] === '') wanted |= bit
  }
  return flags => (flags & mask) === wanted
}
