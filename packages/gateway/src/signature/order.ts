import type { CompiledRule } from './match/part.ts'

const ACTIONS = ['pass', 'drop', 'reject', 'alert']

/**
 * The order in which rules are judged, Suricata's: by action, those that set flowbits before those that read them, the more
 * urgent first, and then as they were written.
 */
export function byOrder(a: CompiledRule, b: CompiledRule): number {
  return (
    ACTIONS.indexOf(a.rule.action) - ACTIONS.indexOf(b.rule.action) ||
    bitRank(a) - bitRank(b) ||
    a.rule.priority - b.rule.priority
  )
}

function bitRank({ bits }: CompiledRule): number {
  const reads = bits.some(({ command }) => command.startsWith('is'))
  const writes = bits.some(({ command }) => !command.startsWith('is'))
  return writes ? (reads ? 1 : 0) : reads ? 2 : 3
}
