import type { Part } from './part.ts'

const HINT = 'Write spBv1.0/${site}/NCMD/${device}, or spBv1.0/${site}/DCMD/${device}/+ for what is behind it.'

/**
 * Refuses topics of commands to an edge node that are none of Sparkplug B (4.1): they name NCMD or DCMD, so that nothing else
 * is taken for a command, and the edge node that is to be told.
 */
export function checkCommandTopic(text: string, form: Part): void {
  const [namespace, group, type, node, device, ...more] = text.split('/')
  const isNode = type === 'NCMD' && device === undefined
  const isDevice = type === 'DCMD' && device !== undefined && device !== '' && device !== '#' && more.length === 0
  const isMeant = node !== undefined && node !== '' && node !== '+' && node !== '#'
  if (namespace === 'spBv1.0' && group !== '' && isMeant && (isNode || isDevice)) return
  form.fail(`${text} is no topic of commands in Sparkplug`, HINT, 'profile_topic')
}

/** Whether the levels of a topic are those of a command in Sparkplug. */
export function isSparkplugCommand(levels: readonly string[]): boolean {
  return levels[0] === 'spBv1.0' && (levels[2] === 'NCMD' || levels[2] === 'DCMD')
}
