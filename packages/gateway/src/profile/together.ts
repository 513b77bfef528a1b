import { quote } from '../config/problem.ts'
import { DEVICE_ID } from '../config/template.ts'
import type { Affordance } from './affordance.ts'
import type { Description } from './description.ts'
import { globsMeet, topicsMeet } from './overlap.ts'
import type { TopicTemplate } from './topic.ts'

/** Refuses what each profile may say and all together may not: a device has one profile, and a topic of it one meaning. */
export function checkTogether(
  descriptions: readonly Description[],
  profileOf: (device: string) => Description | undefined,
): void {
  checkIds(descriptions)
  checkDevices(descriptions)
  checkTopics(descriptions, profileOf)
}

function checkIds(descriptions: readonly Description[]): void {
  const ids = new Set<string>()
  for (const { id, part } of descriptions) {
    if (ids.has(id))
      part.at('id').fail(`another profile has the id ${quote(id)} too`, 'Give each its own.', 'profile_duplicate')
    ids.add(id)
  }
}

/** Ids may be named beside the glob of another profile, which they go before. Of globs nobody could say which goes first. */
function checkDevices(descriptions: readonly Description[]): void {
  const named = new Map<string, Description>()
  const globs: { readonly glob: string; readonly of: Description }[] = []
  for (const description of descriptions) {
    const at = description.part.at('rw:devices')
    for (const device of description.devices) {
      if (/[*?]/.test(device)) {
        const other = globs.find(({ glob, of }) => of !== description && globsMeet(glob, device))
        if (other !== undefined) {
          const what = `${quote(device)} and ${quote(other.glob)} of ${other.of.id} can cover the same device`
          at.fail(what, 'A device has one profile: narrow one, or name the ids.', 'profile_duplicate')
        }
        globs.push({ glob: device, of: description })
      } else {
        const other = named.get(device) ?? description
        if (other !== description)
          at.fail(`another profile names ${quote(device)} too`, 'A device has one profile.', 'profile_duplicate')
        named.set(device, description)
      }
    }
  }
}

interface Spoken {
  readonly description: Description
  readonly affordance: Affordance
  readonly topic: TopicTemplate
  readonly owns: (device: string) => boolean
}

/** Two rules for one topic would leave one of them unjudged. */
function checkTopics(
  descriptions: readonly Description[],
  profileOf: (device: string) => Description | undefined,
): void {
  const all = descriptions.flatMap(description => {
    const owns = (device: string) => DEVICE_ID.test(device) && profileOf(device) === description
    return description.affordances.flatMap(affordance =>
      affordance.topics.map(topic => ({ description, affordance, topic, owns })),
    )
  })
  for (const [index, one] of all.entries()) {
    for (let before = 0; before < index; before++) {
      const other = all[before]!
      if (!isJudged(one, other) || !topicsMeet(one, other, one.description === other.description)) continue
      const { description, affordance, topic } = other
      const where = description === one.description ? '' : ` of ${description.id}`
      const which = `${topic.text} (${affordance.kind} ${affordance.name}${where})`
      const what = `${one.topic.text} and ${which} can be one topic`
      one.affordance.part.fail(what, 'Write topics that differ: one would not be judged.', 'profile_topic')
    }
  }
}

/** Whether two topics must not meet: those of one type of device, and what is a command to any with all others. */
function isJudged(one: Spoken, other: Spoken): boolean {
  const isCommand = one.affordance.kind === 'command'
  if (one.affordance === other.affordance) return isCommand && placesOf(one.topic) !== placesOf(other.topic)
  const isMixed = isCommand !== (other.affordance.kind === 'command')
  // In Sparkplug the type of the message, not the filter, says whether it is a command.
  if (isMixed && one.affordance.metrics !== null && other.affordance.metrics !== null) return false
  return one.description === other.description || isCommand || other.affordance.kind === 'command'
}

/** Where the device's id stands. */
const placesOf = ({ levels }: TopicTemplate) =>
  levels.map(each => (each.kind === 'device' ? `${each.before} ${each.after}` : '')).join('/')
