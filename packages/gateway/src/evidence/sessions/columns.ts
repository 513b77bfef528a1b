import type { Asked, SessionState } from './session.ts'
import { SOURCE_FIGURES } from './sources.ts'

/** One number of a row. */
export interface Column {
  readonly name: string
  /** Where it is not known, NaN: a table's empty cell. */
  of(session: SessionState): number
}

/** A shorter window counts as long as this when something is divided by its length, in seconds: clocks of captures and chunks are no finer. */
const SHORTEST = 0.001

const column = (name: string, of: (session: SessionState) => number): Column => ({ name, of })
const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)
const seconds = ({ began, ended }: SessionState): number => (ended - began) / 1_000
const perSecond = (amount: number, session: SessionState): number => amount / Math.max(SHORTEST, seconds(session))
const messages = (s: SessionState): number => s.count('publish') + s.count('receive')
const asked = (name: string, of: (asked: Asked) => number): Column =>
  column(name, s => (s.asked === null ? Number.NaN : of(s.asked)))

const TRAFFIC: readonly Column[] = [
  column('seconds', seconds),
  column('idle_before', s => s.silence),
  column('happenings', s => s.happenings),
  column('per_second', s => perSecond(s.happenings, s)),
  column('bytes', s => s.bytes),
  column('bytes_per_second', s => perSecond(s.bytes, s)),
  column('own_share', s => share(s.own, s.happenings)),
  column('publish_share', s => share(s.count('publish'), s.happenings)),
  column('receive_share', s => share(s.count('receive'), s.happenings)),
  column('opened', s => s.count('opened')),
  column('connects', s => s.count('connect')),
  column('connacks', s => s.count('connack')),
  column('publishes', s => s.count('publish')),
  column('receives', s => s.count('receive')),
  column('subscribes', s => s.count('subscribe')),
  column('unsubscribes', s => s.count('unsubscribe')),
  column('acknowledges', s => s.count('acknowledge')),
  column('pings', s => s.count('ping')),
  column('disconnects', s => s.count('disconnect')),
  column('closed', s => s.count('closed')),
  column('faults', s => s.count('fault')),
  column('waits', s => s.count('progress')),
  column('waiting_bytes', s => s.waiting),
]

const SHAPE: readonly Column[] = [
  column('sent_mean', s => s.sent.mean),
  column('sent_deviation', s => s.sent.deviation),
  column('sent_least', s => s.sent.least),
  column('sent_most', s => s.sent.most),
  column('received_mean', s => s.received.mean),
  column('received_deviation', s => s.received.deviation),
  column('received_least', s => s.received.least),
  column('received_most', s => s.received.most),
  column('gap_mean', s => s.gaps.mean),
  column('gap_deviation', s => s.gaps.deviation),
  column('gap_most', s => s.gaps.most),
  column('own_gap_mean', s => s.ownGaps.mean),
  column('own_gap_deviation', s => s.ownGaps.deviation),
  column('own_gap_most', s => s.ownGaps.most),
  column('qos0_share', s => share(s.qos[0], messages(s))),
  column('qos1_share', s => share(s.qos[1], messages(s))),
  column('qos2_share', s => share(s.qos[2], messages(s))),
  column('retain_share', s => share(s.retained, messages(s))),
  column('dup_share', s => share(s.repeated, messages(s))),
  column('topics', s => s.topics),
  column('topic_depth_mean', s => s.depths.mean),
  column('topic_depth_most', s => s.depths.most),
  column('topic_length_mean', s => s.lengths.mean),
  column('topic_length_most', s => s.lengths.most),
  column('topic_entropy_mean', s => s.entropies.mean),
  column('wildcards', s => s.wild),
  column('odd_topics', s => s.odd),
]

/** What a session's CONNECT said and what came of it: the same in all its rows. */
const SESSION: readonly Column[] = [
  asked('clean', ({ clean }) => Number(clean)),
  asked('user', ({ user }) => Number(user)),
  asked('password', ({ password }) => Number(password)),
  asked('will', ({ will }) => Number(will)),
  asked('keep_alive', ({ keepAlive }) => keepAlive),
  column('refused', s => s.refused),
  column('connect_after', s => s.connectAfter),
  column('answer_after', s => s.answerAfter),
]

const KEEP_ALIVE: readonly Column[] = [
  asked('keep_alive_off', ({ keepAlive }) => Number(keepAlive === 0)),
  column('keep_alive_used', s => (s.asked === null ? Number.NaN : share(s.longestSilence, s.asked.keepAlive))),
]

/** The columns of a row, in their order. None says who, where or when. */
export const COLUMNS: readonly Column[] = [
  ...TRAFFIC,
  ...SHAPE,
  ...SESSION,
  ...KEEP_ALIVE,
  ...SOURCE_FIGURES.map((name, at) => column(`source_${name}`, s => s.around[at])),
]

/** What a table of rows says besides: the size of its windows, so that a model tells by what it was learned from. */
export const SIZE_COLUMNS = ['window_seconds', 'window_packets'] as const
export const COLUMN_NAMES: readonly string[] = COLUMNS.map(({ name }) => name)
/** Of those, what is the same in all rows of a session: it tells who made the client as much as what it does. */
export const SESSION_COLUMNS: readonly string[] = [...SESSION.map(({ name }) => name), 'keep_alive_off']
