import type { Track } from '../language/draft.ts'
import type { FlowMemory } from '../memory.ts'
import type { SignedPacket } from '../packet.ts'
import type { Counts } from './counts.ts'
import type { CompiledRule } from './part.ts'

/**
 * What a match comes to by its rule's `detection_filter` and `threshold`: whether it speaks, is kept quiet though it counts
 * (a drop still drops), or is as if it had not been.
 */
export function limited(
  { key, filter, threshold }: CompiledRule,
  packet: SignedPacket,
  flow: FlowMemory,
  counts: Counts,
  time: number,
): 'yes' | 'quiet' | 'no' {
  if (filter !== null) {
    // Apart from the counts of a threshold of the same rule.
    const table = filter.track === 'by_flow' ? flow.counts : counts
    const count = table.count(key, `filter ${nameOf(filter.track, packet)}`, time, filter.seconds * 1_000)
    if (count <= filter.count) return 'no'
  }
  if (threshold === null) return 'yes'
  const table = threshold.track === 'by_flow' ? flow.counts : counts
  const name = nameOf(threshold.track, packet)
  const count = table.count(key, name, time, threshold.seconds * 1_000)
  if (threshold.type === 'limit') return count <= threshold.count ? 'yes' : 'quiet'
  if (count < threshold.count) return 'no'
  if (threshold.type === 'both') return count === threshold.count ? 'yes' : 'quiet'
  table.clear(key, name)
  return 'yes'
}

function nameOf(track: Track, { client, server, direction }: SignedPacket): string {
  const [source, target] = direction === 'up' ? [client, server] : [server, client]
  switch (track) {
    case 'by_src':
      return source.name
    case 'by_dst':
      return target.name
    case 'by_both':
      return client.name < server.name ? `${client.name} ${server.name}` : `${server.name} ${client.name}`
    default:
      return ''
  }
}
