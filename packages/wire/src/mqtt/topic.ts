/** What is wrong with a topic filter. */
export interface FilterProblem {
  readonly code: string
  readonly clause: string
  readonly why: string
}

const SHARE = '$share/'
const MOST_BYTES = 65_535

/** What is wrong with a topic name, as the end of a sentence; an empty string where nothing is. */
export function topicNameProblem(topic: string): string {
  if (topic === '') return 'is empty'
  if (topic.includes('#')) return 'holds the wildcard #'
  if (topic.includes('+')) return 'holds the wildcard +'
  if (topic.includes('\0')) return 'holds the character U+0000'
  if (!topic.isWellFormed()) return 'holds half of a surrogate pair'
  return utf8Length(topic) > MOST_BYTES ? 'is longer than 65,535 bytes' : ''
}

/** Whether a text may be a topic name: not empty, no wildcard, no U+0000, at most 65,535 bytes (section 4.7). */
export function validTopicName(topic: string): boolean {
  return topicNameProblem(topic) === ''
}

/**
 * What is wrong with a topic filter, or null. In MQTT 5.0 a filter that begins with `$share/` must be
 * `$share/NAME/FILTER`; in 3.1.1 that prefix means nothing.
 */
export function filterProblem(filter: string, version: 4 | 5): FilterProblem | null {
  if (filter === '') return problem('filter_empty', 'MQTT-4.7.3-1', 'the topic filter is empty')
  if (filter.includes('\0') || !filter.isWellFormed() || utf8Length(filter) > MOST_BYTES) {
    const why = 'the topic filter holds U+0000 or half of a surrogate pair, or is longer than 65,535 bytes'
    return problem('filter_text', 'MQTT-4.7.3-2', why)
  }
  if (version === 5 && filter.startsWith(SHARE)) return shareProblem(filter)
  return wildcardProblem(filter, version)
}

/** Whether a text may be a topic filter, by the rules of MQTT 5.0 unless 4 is given. */
export function validTopicFilter(filter: string, version: 4 | 5 = 5): boolean {
  return filterProblem(filter, version) === null
}

/** Splits `$share/NAME/FILTER`; null where the filter names no shared subscription. */
export function sharedFilter(filter: string): { share: string; filter: string } | null {
  if (!filter.startsWith(SHARE)) return null
  const slash = filter.indexOf('/', SHARE.length)
  if (slash < 0) return null
  return { share: filter.slice(SHARE.length, slash), filter: filter.slice(slash + 1) }
}

function shareProblem(filter: string): FilterProblem | null {
  const shared = sharedFilter(filter)
  if (shared === null || shared.filter === '') {
    return problem('share_malformed', 'MQTT-4.8.2-2', 'a shared subscription has the form $share/NAME/FILTER')
  }
  if (shared.share === '') return problem('share_malformed', 'MQTT-4.8.2-1', 'the share name is empty')
  if (/[+#]/.test(shared.share)) {
    return problem('share_malformed', 'MQTT-4.8.2-2', 'the share name holds a wildcard')
  }
  return wildcardProblem(shared.filter, 5)
}

function wildcardProblem(filter: string, version: 4 | 5): FilterProblem | null {
  const levels = filter.split('/')
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i]
    if (level.includes('#') && (level !== '#' || i !== levels.length - 1)) {
      const why = '# must stand alone in the last level of a topic filter'
      return problem('filter_wildcard', version === 5 ? 'MQTT-4.7.1-1' : 'MQTT-4.7.1-2', why)
    }
    if (level.includes('+') && level !== '+') {
      const why = '+ must stand alone in a level of a topic filter'
      return problem('filter_wildcard', version === 5 ? 'MQTT-4.7.1-2' : 'MQTT-4.7.1-3', why)
    }
  }
  return null
}

function problem(code: string, clause: string, why: string): FilterProblem {
  return { code, clause, why }
}

function utf8Length(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x80 && unit < 0x800) length++
    // Each half of a surrogate pair stands for two of its four bytes.
    else if (unit >= 0x800) length += unit >= 0xd800 && unit < 0xe000 ? 1 : 2
  }
  return length
}
