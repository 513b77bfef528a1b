import type { Act, Address, Guard, Lane, Report, Scene } from '../contract/index.ts'
import { claimEntry, FULL_DOWN, FULL_UP, findEntry, hasSaid, NOWHERE, topicKey } from '../lanes/rhythm-places.ts'
import {
  RhythmEntry as Entry,
  RhythmHead as Head,
  kindOf,
  RhythmMode as Mode,
  modeAt,
  modeSlot,
  Settled,
} from '../lanes/rhythm-words.ts'
import type { PayloadDesk } from './payload.ts'
import { isSteady, learnInterval, learnScores, Pace, settleTiming } from './rhythm-pace.ts'
import { rhythmText } from './rhythm-text.ts'

export interface RhythmOptions {
  /** How long a device is connected, by operating mode, until its baseline is frozen, in milliseconds. */
  readonly learning: number
  /** How many messages it publishes until then at least. */
  readonly messages: number
  /** The names of the operating modes, for sentences. */
  readonly modes: readonly string[]
  /** Told of each topic that gets an entry, so that people see its name. */
  readonly named?: (lane: number, key: number, topic: string) => void
}

/** Messages from which a topic's form and sizes are known. */
const ENOUGH = 8
/** Sizes beyond what was learned by so much are not named: bytes, or a share of the largest. */
const LEAST_MARGIN = 32
const MARGIN = 0.25
const MINUTE = 60_000

/**
 * Holds a device to what it does every day: on which topics it speaks and hears, how often, how long its messages are, with which
 * QoS and whether retained. All that is learned by operating mode while the device is connected, then frozen; a mode that was not
 * learned is learned, not judged, and during maintenance neither happens. A topic that the device's profile declares is never new.
 * Stops: who has a device's key and says what the device never said, or more than it ever did (ATT&CK for ICS T0814, T0832). Holds 95
 * topics a device.
 * @param desk what the profiles say, null where there are none
 */
export function rhythm(options: RhythmOptions, desk: PayloadDesk | null, slot: number): Guard {
  const pace = new Pace()
  const text = rhythmText(options.modes)
  let at = NOWHERE

  function judgeKnown(act: Act, lane: Lane, scene: Scene, report: Report): void {
    const words = lane.rhythm
    const settled = words[at + Entry.settled]
    if ((settled & Settled.form) !== 0) judgeForm(act, words, at, report, text)
    const current = modeSlot(scene.mode)
    const since = words[Head.mode] === current ? words[Head.modeSince] : scene.now
    pace.count(words, at, scene.now, lane.epoch, since)
    if ((settled & Settled.timing) === 0) return
    if (pace.early > words[at + Entry.mostEarly]) {
      report.add('rhythm_early', text.early(act, words, at, pace, scene), 'rhythm', 'medium')
    } else if (pace.late > words[at + Entry.mostLate]) {
      report.add('rhythm_late', text.late(act, words, at, pace, scene), 'rhythm', 'low')
      // Told once, then counted anew: a device that went on late would otherwise never be heard again where this is enforced.
      words[at + Entry.late] = 0
      words[at + Entry.last] = scene.now
      words[at + Entry.epoch] = lane.epoch
    }
  }

  function judgeUnknown(act: Act, lane: Lane, scene: Scene, report: Report): void {
    const words = lane.rhythm
    if (words[modeAt(modeSlot(scene.mode)) + Mode.frozen] === 0) return
    if ((words[Head.full] & (act.direction === 'down' ? FULL_DOWN : FULL_UP)) !== 0) return
    if (desk !== null && desk.open(act) !== null) return
    const { key } = act.address.memo[slot] as Place
    if (act.direction === 'down') {
      // Who listens to `plant/#` hears every machine that is added: that is told once, and withheld from nobody.
      if (claimEntry(words, key, kindOf(0, true)) !== NOWHERE) options.named?.(lane.index, key, act.address.text)
      return report.note('rhythm_topic', text.unheard(act), 'rhythm', 'low')
    }
    // What a device does in one mode is new in another as far as timing goes: it is learned there.
    if (hasSaid(words, key)) return
    if (findEntry(words, key, 1) !== NOWHERE) report.add('rhythm_direction', text.turned(act), 'rhythm', 'high')
    else report.add('rhythm_topic', text.unsaid(act), 'rhythm', 'medium')
  }

  return {
    name: 'rhythm',
    ring: 'network',
    // Of what is late and of topics that are heard for the first time: both are told once.
    counts: true,
    judge(act, lane, scene, report) {
      if (scene.maintenance || (act.action !== 'publish' && act.action !== 'receive')) return
      const isDown = act.action === 'receive'
      const words = lane.rhythm
      at = placeOf(act.address, slot, words, kindOf(isDown ? 0 : modeSlot(scene.mode), isDown))
      if (at === NOWHERE) return judgeUnknown(act, lane, scene, report)
      if (!isDown) judgeKnown(act, lane, scene, report)
    },
    learn(act, lane, scene) {
      if (scene.maintenance || (act.action !== 'publish' && act.action !== 'receive')) return
      const isDown = act.action === 'receive'
      const words = lane.rhythm
      if (at === NOWHERE) {
        const { key } = act.address.memo[slot] as Place
        at = claimEntry(words, key, kindOf(isDown ? 0 : modeSlot(scene.mode), isDown))
        if (at !== NOWHERE) options.named?.(lane.index, key, act.address.text)
        pace.isWhole = false
        pace.early = 0
        pace.late = 0
      }
      if (isDown) return
      const current = modeSlot(scene.mode)
      // Nothing is left to be learned, nor does time count: only the moment is kept.
      const isDone = words[Head.mode] === current && words[modeAt(current) + Mode.frozen] !== 0
      const isFrozen = isDone || passTime(words, lane.epoch, scene, options)
      if (at === NOWHERE) return
      if (words[at + Entry.settled] !== (Settled.form | Settled.timing))
        learnEntry(act, words, at, scene.now, isFrozen, pace)
      words[at + Entry.last] = scene.now
      words[at + Entry.epoch] = lane.epoch
      words[at + Entry.early] = pace.early
      words[at + Entry.late] = pace.late
    },
  }
}

type Texts = ReturnType<typeof rhythmText>

function judgeForm(act: Act, words: Float64Array, at: number, report: Report, text: Texts): void {
  const forms = words[at + Entry.forms]
  if ((formOf(act) & ~forms) !== 0) report.add('rhythm_form', text.form(act, forms), 'rhythm', 'low')
  const size = act.payloadEnd - act.payloadStart
  const least = words[at + Entry.leastSize]
  const most = words[at + Entry.mostSize]
  if (size <= most && size >= least) return
  const margin = Math.max(LEAST_MARGIN, most * MARGIN)
  if (size <= most + margin && size >= least - margin) return
  report.add('rhythm_size', text.size(act, size, least, most), 'rhythm', 'medium')
}

function learnEntry(act: Act, words: Float64Array, at: number, now: number, isFrozen: boolean, pace: Pace): void {
  words[Head.revision]++
  const settled = words[at + Entry.settled]
  if ((settled & Settled.form) === 0) {
    const size = act.payloadEnd - act.payloadStart
    const count = ++words[at + Entry.messages]
    words[at + Entry.forms] |= formOf(act)
    if (count === 1 || size < words[at + Entry.leastSize]) words[at + Entry.leastSize] = size
    if (size > words[at + Entry.mostSize]) words[at + Entry.mostSize] = size
    if (isFrozen && count >= ENOUGH) words[at + Entry.settled] |= Settled.form
  }
  if ((settled & Settled.timing) !== 0) return
  if (pace.isWhole) {
    learnInterval(words, at, now - words[at + Entry.last])
    learnScores(words, at, pace)
  }
  if (!isFrozen || !isSteady(words, at)) return
  settleTiming(words, at)
  words[at + Entry.settled] |= Settled.timing
}

/** Counts connected time and messages of the mode's learning period. @returns whether it is over */
function passTime(words: Float64Array, epoch: number, { now, wall, mode }: Scene, options: RhythmOptions): boolean {
  const current = modeSlot(mode)
  const term = modeAt(current)
  const isSame = words[Head.mode] === current
  if (words[term + Mode.frozen] === 0) {
    if (isSame && words[Head.epoch] === epoch) words[term + Mode.learned] += now - words[Head.last]
    words[term + Mode.messages]++
    if (words[term + Mode.learned] - words[term + Mode.minute] >= MINUTE) {
      words[term + Mode.minute] = words[term + Mode.learned]
      words[term + Mode.minuteMessages] = 0
    }
    words[term + Mode.busiest] = Math.max(words[term + Mode.busiest], ++words[term + Mode.minuteMessages])
    words[Head.revision]++
    if (words[term + Mode.learned] >= options.learning && words[term + Mode.messages] >= options.messages) {
      words[term + Mode.frozen] = wall
    }
  }
  if (!isSame) {
    words[Head.mode] = current
    words[Head.modeSince] = now
  }
  words[Head.last] = now
  words[Head.epoch] = epoch
  return words[term + Mode.frozen] !== 0
}

/** QoS 0, 1 and 2 as bits 1, 2 and 4; 8 for not retained, 16 for retained. */
function formOf({ qos, retain }: Act): number {
  return (1 << qos) | (retain ? 16 : 8)
}

/** Where an address's entry was last, for one kind in each direction. */
interface Place {
  readonly key: number
  upKind: number
  upAt: number
  downAt: number
}

function newPlace(address: Address, slot: number): Place {
  const place = { key: topicKey(address.bytes), upKind: -1, upAt: NOWHERE, downAt: NOWHERE }
  address.memo[slot] = place
  return place
}

function placeOf(address: Address, slot: number, words: Float64Array, kind: number): number {
  const place = (address.memo[slot] as Place | undefined) ?? newPlace(address, slot)
  const known = kind === 1 ? place.downAt : place.upKind === kind ? place.upAt : NOWHERE
  // A person may have had the entry forgotten since, and another topic may have it now.
  if (known !== NOWHERE && words[known + Entry.key] === place.key && words[known + Entry.kind] === kind) return known
  const at = findEntry(words, place.key, kind)
  if (kind === 1) place.downAt = at
  else {
    place.upKind = kind
    place.upAt = at
  }
  return at
}
