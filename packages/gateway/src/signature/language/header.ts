import { nearest, suggestion } from '../../config/near.ts'
import type { RuleAction } from '../rule.ts'
import { RuleFlaw } from './flaw.ts'
import { readAddresses, readPorts, type Selection, type Variables } from './selection.ts'

export interface Header {
  readonly action: RuleAction
  readonly source: Selection<Uint8Array | null>
  readonly sourcePort: Selection<number>
  readonly target: Selection<Uint8Array | null>
  readonly targetPort: Selection<number>
  /** `<>`: either way round. */
  readonly both: boolean
  /** Where the options begin, behind their opening parenthesis. */
  readonly end: number
}

const ACTIONS: readonly string[] = ['alert', 'drop', 'reject', 'pass'] satisfies RuleAction[]
/** What MQTT is carried by; MQTT packets are all that rules are asked about. */
const PROTOCOLS = ['mqtt', 'tcp', 'tcp-pkt', 'tcp-stream', 'ip']

/** Reads what stands before the options: `alert mqtt any any -> $HOME_NET 1883 (`. Throws `RuleFlaw`. */
export function readHeader(text: string, variables: Variables): Header {
  const words: { text: string; at: number }[] = []
  let at = 0
  const fail = (what: string, hint: string, where: number): never => {
    throw new RuleFlaw('rule_header', what, hint, where)
  }
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++
    if (at >= text.length || (text[at] === '(' && words.length >= 7)) break
    const from = at
    for (let depth = 0; at < text.length && (depth > 0 || !/[\s(]/.test(text[at])); at++) {
      if (text[at] === '[') depth++
      else if (text[at] === ']') depth--
    }
    if (at === from) break
    words.push({ text: text.slice(from, at), at: from })
  }
  if (words.length !== 7 || text[at] !== '(') {
    const hint = 'Write: alert mqtt any any -> any any (msg:"…"; sid:…;)'
    return fail('before the options stand action, protocol, address, port, direction, address and port', hint, at)
  }
  const [action, protocol, source, sourcePort, direction, target, targetPort] = words
  if (!ACTIONS.includes(action.text)) {
    return fail(`${JSON.stringify(action.text)} is no action`, suggestion(action.text, ACTIONS), action.at)
  }
  if (!PROTOCOLS.includes(protocol.text)) {
    const near = nearest(protocol.text, PROTOCOLS)
    const hint = near === undefined ? `Rules judge MQTT only: ${PROTOCOLS.join(', ')}.` : `Did you mean ${near}?`
    return fail(`${JSON.stringify(protocol.text)} is no protocol of MQTT's`, hint, protocol.at)
  }
  if (direction.text !== '->' && direction.text !== '<>') {
    return fail(`${JSON.stringify(direction.text)} is no direction`, 'Write -> or <>.', direction.at)
  }
  return {
    action: action.text as RuleAction,
    source: readAddresses(source.text, variables, source.at),
    sourcePort: readPorts(sourcePort.text, variables, sourcePort.at),
    target: readAddresses(target.text, variables, target.at),
    targetPort: readPorts(targetPort.text, variables, targetPort.at),
    both: direction.text === '<>',
    end: at + 1,
  }
}
