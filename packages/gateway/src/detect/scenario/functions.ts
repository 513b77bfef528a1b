import { BlockList, isIP } from 'node:net'
import { filterMatches } from '@ringwall/wire'
import { isNetwork } from '../../config/address.ts'
import { filterFlaw } from '../../config/kinds.ts'
import { Flaw, quote } from '../../config/problem.ts'
import type { Happening } from '../../evidence/happening.ts'
import type { Expression, Field, Value } from './fields.ts'

/** A function of a condition. */
export interface ConditionFunction {
  readonly takes: readonly Field['type'][]
  readonly gives: Field['type']
  build(args: readonly Expression[]): ((happening: Happening) => Value) | Flaw
}

export const FUNCTIONS: Readonly<Record<string, ConditionFunction>> = {
  startsWith: ofTexts((text, part) => text.startsWith(part)),
  endsWith: ofTexts((text, part) => text.endsWith(part)),
  contains: ofTexts((text, part) => text.includes(part)),
  /** `like(topic, 'plant/+/set')`: an MQTT topic filter. */
  like: {
    takes: ['text', 'text'],
    gives: 'condition',
    build([text, filter]) {
      const written = filter.literal
      if (typeof written !== 'string') return NO_LITERAL
      return filterFlaw(written) ?? (each => filterMatches(written, text.of(each) as string))
    },
  },
  /** `within(address, '10.1.0.0/16')`. */
  within: {
    takes: ['text', 'text'],
    gives: 'condition',
    build([text, network]) {
      const written = network.literal
      if (typeof written !== 'string') return NO_LITERAL
      const covers = networkOf(written)
      return covers instanceof Flaw ? covers : each => covers(text.of(each) as string)
    },
  },
  /** Whether the speaker has a role. */
  hasRole: {
    takes: ['text'],
    gives: 'condition',
    build:
      ([role]) =>
      each =>
        each.roles.includes(role.of(each) as string),
  },
  length: {
    takes: ['text'],
    gives: 'number',
    build:
      ([text]) =>
      each =>
        (text.of(each) as string).length,
  },
  lower: {
    takes: ['text'],
    gives: 'text',
    build:
      ([text]) =>
      each =>
        (text.of(each) as string).toLowerCase(),
  },
}

function ofTexts(holds: (text: string, part: string) => boolean): ConditionFunction {
  return {
    takes: ['text', 'text'],
    gives: 'condition',
    build:
      ([text, part]) =>
      each =>
        holds(text.of(each) as string, part.of(each) as string),
  }
}

const NO_LITERAL = new Flaw('the second value must be a text', 'Write it in quotes.')

/** Whether an address lies in a network, written as `address` or `address/bits`. */
export function networkOf(text: string): ((address: string) => boolean) | Flaw {
  if (!isNetwork(text)) return new Flaw(`${quote(text)} is not an address or network`, 'Write 10.0.0.5 or 10.1.0.0/16.')
  const [address, bits] = text.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  if (bits === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(bits), family)
  return each => isIP(each) !== 0 && list.check(each, isIP(each) === 6 ? 'ipv6' : 'ipv4')
}
