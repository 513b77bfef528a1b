import { nearest, suggestion } from '../../config/near.ts'
import { MQTT_EVENTS } from '../events.ts'
import { EVERY_TYPE } from '../match/buffers.ts'
import type { Flowbit, Track } from './draft.ts'
import type { Keyword } from './keywords-meta.ts'
import type { Option } from './options.ts'
import { given, wholeOf, wrong } from './values.ts'

const UP = 1
const DOWN = 2

/** What each word of `flow` leaves of the directions; MQTT is seen on established streams, put together. */
const FLOW: ReadonlyMap<string, number> = new Map([
  ['to_server', UP],
  ['from_client', UP],
  ['to_client', DOWN],
  ['from_server', DOWN],
  ['established', UP | DOWN],
  ['stateless', UP | DOWN],
  ['only_stream', UP | DOWN],
  ['no_frag', UP | DOWN],
  ['not_established', 0],
  ['no_stream', 0],
  ['only_frag', 0],
])

const TRACKS: readonly string[] = ['by_src', 'by_dst', 'by_rule', 'by_both', 'by_flow'] satisfies Track[]
const COMMANDS: readonly string[] = ['set', 'unset', 'toggle', 'isset', 'isnotset'] satisfies Flowbit['command'][]
const KINDS: readonly string[] = ['limit', 'threshold', 'both']
const LONGEST = 31_536_000
const MOST = 0xffff_ffff

/** Where a rule looks, what it remembers, and how often it speaks. */
export const FLOW_KEYWORDS: Readonly<Record<string, Keyword>> = {
  flow: (draft, option) => {
    for (const word of words(option)) {
      const left = FLOW.get(word)
      if (left === undefined) return wrong(option, `${word} is not known`, suggestion(word, [...FLOW.keys()]))
      draft.directions &= left
    }
  },
  flowbits: (draft, option) => {
    const [command, names, ...more] = words(option)
    if (command === 'noalert' && names === undefined) {
      draft.quiet = true
      return
    }
    if (!COMMANDS.includes(command) || names === undefined || more.length > 0) {
      return wrong(option, 'it is not COMMAND,NAME', `Commands: ${COMMANDS.join(', ')}, noalert.`)
    }
    const all = names.split('|').map(name => name.trim())
    const odd = all.find(name => !/^[\w.-]+$/.test(name))
    if (odd !== undefined) wrong(option, `${JSON.stringify(odd)} is no name`, 'Letters, digits, dots and dashes.')
    if (all.length > 1 && !command.startsWith('is')) wrong(option, '| stands with isset and isnotset only', 'Name one.')
    draft.flowbits.push({ command: command as Flowbit['command'], names: all })
  },
  threshold: (draft, option) => {
    const fields = fieldsOf(option, ['type', 'track', 'count', 'seconds'])
    const type = fields.get('type') ?? ''
    if (!KINDS.includes(type)) return wrong(option, `${JSON.stringify(type)} is no type`, suggestion(type, KINDS))
    draft.threshold = { type: type as 'limit', ...limitOf(option, fields) }
  },
  detection_filter: (draft, option) => {
    draft.filter = limitOf(option, fieldsOf(option, ['track', 'count', 'seconds']))
  },
  'app-layer-protocol': (draft, option) => {
    const [name] = words(option)
    const negated = name.startsWith('!')
    if ((name.replace('!', '').trim() === 'mqtt') === negated) draft.never = true
  },
  'app-layer-event': (draft, option) => {
    const name = given(option)
    const known = Object.keys(MQTT_EVENTS).map(event => `mqtt.${event}`)
    const bit = Object.entries(MQTT_EVENTS).find(([event]) => `mqtt.${event}` === name)?.[1]
    if (bit === undefined) {
      const near = nearest(name, known)
      return wrong(
        option,
        `${JSON.stringify(name)} is no event`,
        near === undefined ? known.join(', ') : `Did you mean ${near}?`,
      )
    }
    draft.checks.push({ types: EVERY_TYPE, holds: ({ packet }) => (packet.events & bit) !== 0 })
  },
}

const words = (option: Option) =>
  given(option)
    .split(',')
    .map(word => word.trim())

/** Reads `type limit, track by_src, count 1, seconds 60`. */
function fieldsOf(option: Option, wanted: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const part of words(option)) {
    const found = /^(\w+)\s+(\w+)$/.exec(part)
    if (found === null || !wanted.includes(found[1]) || fields.has(found[1])) {
      return wrong(option, `${JSON.stringify(part)} has no place here`, `Write each once: ${wanted.join(', ')}.`)
    }
    fields.set(found[1], found[2])
  }
  const lacking = wanted.find(field => !fields.has(field))
  if (lacking !== undefined) wrong(option, `${lacking} is missing`, `Write each once: ${wanted.join(', ')}.`)
  return fields
}

function limitOf(
  option: Option,
  fields: ReadonlyMap<string, string>,
): { track: Track; count: number; seconds: number } {
  const track = fields.get('track') ?? ''
  if (!TRACKS.includes(track)) return wrong(option, `${JSON.stringify(track)} is no track`, suggestion(track, TRACKS))
  return {
    track: track as Track,
    count: wholeOf(option, 1, MOST, fields.get('count')),
    seconds: wholeOf(option, 1, LONGEST, fields.get('seconds')),
  }
}
