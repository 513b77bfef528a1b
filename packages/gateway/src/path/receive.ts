import { encodeAcknowledgement, PacketType, Reason, type Scanner } from '@ringwall/wire'
import { Step } from '../contract/index.ts'
import { answerRefused, owesAnswers, reasonOf } from './answer.ts'
import { charge } from './charge.ts'
import { depart, end, noteFloor } from './close.ts'
import { type Connection, Halt } from './connection.ts'
import { control } from './control.ts'
import { stops } from './glance.ts'
import { Outcome } from './judge.ts'
import { resolve, unknownAlias } from './message.ts'
import { open } from './open.ts'
import { withoutSecrets } from './secret.ts'
import { fail } from './shield.ts'
import { subscribe } from './subscribe.ts'
import { subjectOf } from './verdict.ts'
import { wait } from './wait.ts'
import type { Way } from './way.ts'

/** A chunk from the device: the straight way, from received bytes to one write towards the broker. */
export function receive(c: Connection, chunk: Uint8Array, way: Way): void {
  if (c.closing) return
  const now = way.clock.now()
  c.seen = now
  way.surroundings.look(c.scene, c.lane, now, way.clock.wallAt(now))
  way.counts.bytesUp += chunk.length
  c.scanner.feed(chunk)
  pump(c, way)
}

/** Goes on with what was held back. */
export function resume(c: Connection, reason: number, way: Way): void {
  if (!c.lift(reason)) return
  const now = way.clock.now()
  way.surroundings.look(c.scene, c.lane, now, way.clock.wallAt(now))
  pump(c, way)
  if (c.halted === 0 && !c.socketClosed) c.socket.resume()
}

function pump(c: Connection, way: Way): void {
  const frame = c.scanner
  let isWhole = false
  way.up.begin(c.link)
  while (c.halted === 0 && !c.closing && (c.waiting !== null || frame.next())) {
    isWhole = true
    // A packet that waited was found legal before, but for one that waited to become so.
    const step = c.waiting === null || c.waiting === Step.crowded ? c.session.fromClient(frame) : c.waiting
    c.waiting = null
    if (step === Step.publish) publish(c, frame, way)
    else packet(c, frame, step, way)
  }
  way.up.cut()
  // What waits in the sockets is looked at by the sweep.
  if (!isWhole && c.halted === 0 && frame.held !== 0) progress(c, frame.held, way)
  if (frame.held !== 0 || c.charged !== 0) charge(c, way)
}

/** What came has made no packet whole, though nobody held it up; told once a second at most. */
function progress(c: Connection, held: number, way: Way): void {
  if (c.scene.now - c.progressAt < PROGRESS) return
  c.progressAt = c.scene.now
  way.evidence.progress(c, held)
}

/** Milliseconds. */
const PROGRESS = 1_000

function packet(c: Connection, frame: Scanner, step: Step, way: Way): void {
  switch (step) {
    case Step.forward:
      if (stops(c, frame, 'up', way)) return
      way.up.pass(frame.bytes, frame.start, frame.end)
      if (owesAnswers(c.session.down)) answerRefused(c.session.down, c.session.version, bytes => way.up.put(bytes))
      return acknowledged(c, frame, way)
    case Step.last:
      if (stops(c, frame, 'up', way)) return
      way.up.pass(frame.bytes, frame.start, frame.end)
      way.up.cut()
      way.evidence.note(c, 'disconnect')
      return depart(c, way)
    case Step.control:
      return control(c, frame, way)
    case Step.drop:
      return
    case Step.complete:
      return c.answer(encodeAcknowledgement(PacketType.PUBCOMP, c.session.version, frame.packetId))
    case Step.crowded:
      return crowd(c, way)
    case Step.subscribe:
      return subscribe(c, frame, way)
    case Step.connect:
      open(c, frame, way).catch(error => fail(c, way, error))
      return
    default:
      return illegal(c, frame, way)
  }
}

function publish(c: Connection, frame: Scanner, way: Way): void {
  const flow = c.session.up
  const found = resolve(c, frame, flow)
  if (found === null) {
    c.session.fault = { ...unknownAlias(frame), fatal: false, offset: frame.start }
    return illegal(c, frame, way)
  }
  way.act.aimAtMessage(c.principal, frame, 'publish', found.address)
  const opened = way.unsealer.slots === null ? null : way.unsealer.open(way.act, frame)
  way.counts.acts++
  const outcome = c.lane === null ? Outcome.disconnect : way.judge.judge(c.plan, way.act, c.lane, c.scene)
  if (outcome > Outcome.flag) return turnBack(c, frame, outcome, way)
  way.evidence.message(c, 'publish', way.act, frame.qos === 0 ? 0 : frame.packetId, frame.dup)
  if (outcome === Outcome.flag) way.book.note('flag', way.judge.findings, subjectOf(way.act, c.peer), c.scene.wall)
  if (frame.qos !== 0) flow.forwarded(frame.packetId, frame.qos)
  way.counts.forwarded++
  if (frame.qos !== 0) way.counts.awaited++
  const { alias } = found
  // What the broker was not told, the alias stands for.
  const topic = alias !== null && !found.named && !alias.known ? alias.address.bytes : null
  if (opened !== null && way.policies.stripsSeals && typeof opened.seal === 'object' && opened.seal !== null) {
    way.up.put(way.upstream.unsealedPacket(c, frame, topic, opened))
  } else if (topic !== null) way.up.put(way.upstream.publishPacket(c, frame, topic))
  else way.up.pass(frame.bytes, frame.start, frame.end)
  if (alias !== null) alias.known = true
}

/** A publish that does not pass: waits, or is refused and answered in its turn, or ends the connection. */
function turnBack(c: Connection, frame: Scanner, outcome: Outcome, way: Way): void {
  const { judge, book, act, counts } = way
  const { findings } = judge
  const { session } = c
  if (outcome === Outcome.throttle) {
    counts.throttled++
    book.note('throttle', findings, subjectOf(act, c.peer), c.scene.wall)
    return wait(c, Step.publish, judge.wait, way)
  }
  counts.refused++
  way.evidence.message(c, 'publish', act, 0, frame.dup)
  const ends = outcome === Outcome.disconnect || (session.version === 4 && frame.qos > 0 && refusedEnds(way))
  book.note(ends ? 'disconnect' : 'refuse', findings, subjectOf(act, c.peer), c.scene.wall)
  if (ends) {
    way.up.cut()
    return end(c, reasonOf(findings), findings[0]?.code ?? 'refused', way)
  }
  if (frame.qos === 0) return
  session.up.refused(frame.packetId, frame.qos, reasonOf(findings), session.version === 4)
  answerRefused(session.up, session.version, bytes => c.answer(bytes))
}

function refusedEnds(way: Way): boolean {
  return way.policies.refused === 'disconnect'
}

/**
 * More messages under way than the receive maximum allows (MQTT-3.3.4-7). Clients that do not count are common: the device is not
 * read until the broker has caught up, and only one that stays over it is ended, by the sweep.
 */
function crowd(c: Connection, way: Way): void {
  c.waiting = Step.crowded
  c.crowdedSince = c.scene.now
  way.counts.throttled++
  c.halt(Halt.crowded)
}

/** What the device acknowledges, of what came down to it or of its own messages of QoS 2. */
function acknowledged(c: Connection, { type, packetId }: Scanner, way: Way): void {
  const code = ACKNOWLEDGES[type]
  if (code !== undefined) way.evidence.acknowledge(c, code, packetId)
}

const ACKNOWLEDGES: Readonly<Record<number, string>> = {
  [PacketType.PUBACK]: 'puback',
  [PacketType.PUBREC]: 'pubrec',
  [PacketType.PUBREL]: 'pubrel',
  [PacketType.PUBCOMP]: 'pubcomp',
}

/** What the floor does not let pass: the connection ends with the clause, all before it was forwarded. */
function illegal(c: Connection, frame: Scanner, way: Way): void {
  const fault = c.session.fault ?? {
    code: 'malformed',
    clause: '',
    why: 'illegal packet',
    reason: Reason.MALFORMED_PACKET,
  }
  way.up.cut()
  way.counts.refused++
  way.evidence.fault(c, fault.code)
  noteFloor(c, way, 'disconnect', fault, { action: 'packet', ...withoutSecrets(frame) })
  end(c, fault.reason, fault.code, way)
}
