import type { Act, Scene } from '../contract/index.ts'
import { RhythmEntry as Word } from '../lanes/rhythm-words.ts'
import { figure } from '../profile/law/index.ts'
import type { Pace } from './rhythm-pace.ts'

/** The sentences of the guard `rhythm`. @param modes the names of the operating modes */
export function rhythmText(modes: readonly string[]) {
  const inMode = (mode: number): string => (mode < 0 ? '' : ` in mode ${modes[mode] ?? mode}`)
  const learned = (words: Float64Array, at: number, mode: number): string =>
    `9 of 10 came after ${seconds(2 ** words[at + Word.low])} to ${seconds(2 ** words[at + Word.high])} s${inMode(mode)}`

  return {
    early: ({ address }: Act, words: Float64Array, at: number, { early }: Pace, { now, mode }: Scene) =>
      `${address.text} came after ${seconds(now - words[at + Word.last])} s, ${learned(words, at, mode)}; it is ${figure(early)} messages ahead of its rhythm, up to ${figure(words[at + Word.mostEarly])} are usual`,
    late: ({ address }: Act, words: Float64Array, at: number, { late }: Pace, { now, mode }: Scene) =>
      `${address.text} came after ${seconds(now - words[at + Word.last])} s, ${learned(words, at, mode)}; lately ${figure(late)} more came late than usual, up to ${figure(words[at + Word.mostLate])} may`,
    size: ({ address }: Act, size: number, least: number, most: number) =>
      `${address.text} has a payload of ${size} bytes, learned ${least} to ${most}`,
    form: ({ address, qos, retain }: Act, forms: number) =>
      `${address.text} came with QoS ${qos}${retain ? ', retained' : ''}; learned was ${formsText(forms)}`,
    unsaid: ({ address, subject }: Act) => `${address.text}: a topic that ${subject} never used in its learning period`,
    unheard: ({ address, subject }: Act) =>
      `${address.text}: a topic that ${subject} never received anything on in its learning period`,
    turned: ({ address, subject }: Act) =>
      `${address.text}: a topic on which ${subject} only ever received in its learning period, and never spoke`,
  }
}

function seconds(milliseconds: number): string {
  return figure(milliseconds / 1_000)
}

/** What a topic's messages were learned to be like: `QoS 0 or 1, never retained`. */
export function formsText(forms: number): string {
  const levels = [0, 1, 2].filter(qos => (forms & (1 << qos)) !== 0)
  const retained = (forms & 16) === 0 ? 'never retained' : (forms & 8) === 0 ? 'always retained' : 'retained or not'
  return `QoS ${levels.join(' or ')}, ${retained}`
}
