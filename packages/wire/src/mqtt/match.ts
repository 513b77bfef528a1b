/**
 * Whether a topic filter matches a topic name (section 4.7). Give the filter of a shared subscription without its
 * `$share/NAME/`. Both must be valid.
 */
export function filterMatches(filter: string, topic: string): boolean {
  // MQTT-4.7.2-1: a leading wildcard does not match a topic that begins with $.
  if (topic.startsWith('$') && startsWithWildcard(filter)) return false
  const asked = filter.split('/')
  const levels = topic.split('/')
  for (let i = 0; i < asked.length; i++) {
    // Before the length is looked at: `sport/#` also matches `sport`, the level above it (section 4.7.1.2).
    if (asked[i] === '#') return true
    if (i >= levels.length) return false
    if (asked[i] !== '+' && asked[i] !== levels[i]) return false
  }
  return asked.length === levels.length
}

/**
 * Whether every topic that the filter `asked` matches is also matched by the filter `grant`. Give both without
 * `$share/NAME/`. Both must be valid.
 */
export function filterCovers(grant: string, asked: string): boolean {
  // MQTT-4.7.2-1 again: what begins with $ is beyond a leading wildcard.
  if (asked.startsWith('$') && startsWithWildcard(grant)) return false
  const granted = grant.split('/')
  const levels = atLeast(asked).split('/')
  for (let i = 0; i < granted.length; i++) {
    if (granted[i] === '#') return true
    if (i >= levels.length || levels[i] === '#') return false
    if (granted[i] !== '+' && granted[i] !== levels[i]) return false
  }
  return granted.length === levels.length
}

function startsWithWildcard(filter: string): boolean {
  return filter.startsWith('+') || filter.startsWith('#')
}

/** An empty topic does not exist (MQTT-4.7.3-1), so these two filters match no more than their longer forms. */
function atLeast(filter: string): string {
  return filter === '#' ? '+/#' : filter === '/#' ? '/+/#' : filter
}
