import { isFault, PacketType, Reason, readConnack, type Scanner } from '@ringwall/wire'
import { Step } from '../contract/index.ts'
import { answerRefused, complete, owesAnswers, reasonOf } from './answer.ts'
import { charge } from './charge.ts'
import { end, NO_BYTES, noteFloor } from './close.ts'
import { type Connection, Halt } from './connection.ts'
import { stops } from './glance.ts'
import { Outcome } from './judge.ts'
import { resolve, unknownAlias } from './message.ts'
import { withoutSecrets } from './secret.ts'
import { subjectOf } from './verdict.ts'
import type { Way } from './way.ts'

/** A chunk from the broker, on its way down to the device. */
export function deliver(c: Connection, chunk: Uint8Array, way: Way): void {
  const frame = c.back
  if (frame === null || c.closing || c.socketClosed) return
  const now = way.clock.now()
  way.surroundings.look(c.scene, c.lane, now, way.clock.wallAt(now))
  way.counts.bytesDown += chunk.length
  frame.feed(chunk)
  way.down.begin(c)
  while (!c.closing && frame.next()) packet(c, frame, c.session.fromServer(frame), way)
  way.down.cut()
  const { up } = c.session
  if ((c.halted & Halt.crowded) !== 0 && up.size < up.receiveMaximum) way.resume(c, Halt.crowded)
  if (frame.held !== 0 || c.charged !== 0) charge(c, way)
}

function packet(c: Connection, frame: Scanner, step: Step, way: Way): void {
  if (step === Step.publish) return message(c, frame, way)
  if (step !== Step.illegal && stops(c, frame, 'down', way)) return
  switch (step) {
    case Step.forward:
      way.down.pass(frame.bytes, frame.start, frame.end)
      if (owesAnswers(c.session.up)) answerRefused(c.session.up, c.session.version, bytes => way.down.put(bytes))
      return
    case Step.connack:
      return connack(c, frame, way)
    case Step.suback:
      way.down.put(way.upstream.subackPacket(c, frame, c.session.takePartial(frame.packetId) ?? new Uint8Array(0)))
      return
    case Step.complete:
      if (c.link !== null) complete(c.link, c.session.version, frame.packetId)
      return
    case Step.last:
      // The broker's DISCONNECT: it closes next, and says all that is to be said.
      way.down.pass(frame.bytes, frame.start, frame.end)
      c.session.parted = true
      return
    default:
      return illegal(c, frame, way)
  }
}

function message(c: Connection, frame: Scanner, way: Way): void {
  const { session, lane } = c
  const found = resolve(c, frame, session.down)
  if (found === null) {
    session.fault = { ...unknownAlias(frame), fatal: false, offset: frame.start }
    return illegal(c, frame, way)
  }
  way.act.aimAtMessage(c.principal, frame, 'receive', found.address)
  way.counts.acts++
  const outcome = lane === null ? Outcome.refuse : way.judge.judge(c.plan, way.act, lane, c.scene)
  if (outcome !== Outcome.allow) {
    const refused = outcome > Outcome.flag
    way.book.note(refused ? 'refuse' : 'flag', way.judge.findings, subjectOf(way.act, c.peer), c.scene.wall)
    if (refused) return withhold(c, frame, reasonOf(way.judge.findings), way)
  }
  const { alias } = found
  const spelled =
    alias !== null && !found.named && !alias.known ? way.upstream.publishPacket(c, frame, alias.address.bytes) : null
  // With its topic written out it may be more than the device takes (MQTT-3.1.2-24).
  if (spelled !== null && spelled.length > c.clientMaximum) return withhold(c, frame, Reason.PACKET_TOO_LARGE, way)
  if (frame.qos !== 0) session.down.forwarded(frame.packetId, frame.qos)
  way.evidence.message(c, 'receive', way.act, frame.qos === 0 ? 0 : frame.packetId, frame.dup)
  way.counts.delivered++
  way.counts.awaited++
  if (spelled !== null) way.down.put(spelled)
  else way.down.pass(frame.bytes, frame.start, frame.end)
  if (alias !== null) alias.known = true
}

/** A message that the device is not to see: the gateway acknowledges it to the broker, in turn. */
function withhold(c: Connection, frame: Scanner, reason: number, way: Way): void {
  way.counts.refused++
  if (frame.qos === 0) return
  const { session, link } = c
  session.down.refused(frame.packetId, frame.qos, reason, session.version === 4)
  answerRefused(session.down, session.version, bytes => link?.send(bytes, 0, bytes.length))
}

/** The broker's answer to the mirrored CONNECT. It goes down with the gateway's own limits where they are lower. */
function connack(c: Connection, frame: Scanner, way: Way): void {
  const { session } = c
  const answer = readConnack(frame.bytes, frame.body, frame.end, session.version)
  if (isFault(answer)) {
    session.fault = answer
    return illegal(c, frame, way)
  }
  way.evidence.connack(c, answer.reason)
  if (answer.reason !== 0) {
    const why = `the broker refused the CONNECT of ${c.principal.device} with code ${answer.reason}`
    const clause = session.version === 5 ? 'MQTT-3.2.2-7' : 'MQTT-3.2.2-5'
    const about = { action: 'connect', direction: 'down', ...withoutSecrets(frame) } as const
    noteFloor(c, way, 'refuse', { code: 'broker_refused', clause, why }, about)
    way.log.warn({ device: c.principal.device, code: 'broker_refused', reason: answer.reason }, why)
    session.parted = true
    return way.down.pass(frame.bytes, frame.start, frame.end)
  }
  session.established = true
  const { policies } = way
  const asked = answer.serverKeepAlive ?? c.askedKeepAlive
  const told = asked === 0 ? policies.maxKeepAlive : Math.min(asked * 1_000, policies.maxKeepAlive)
  c.scene.keepAlive = told
  c.scanner.aliasMaximum = Math.min(answer.topicAliasMaximum, policies.aliases)
  if (session.version === 5) session.up.receiveMaximum = Math.min(answer.receiveMaximum, policies.inflight)
  way.down.put(way.upstream.connackPacket(c, frame))
  way.down.cut()
  way.resume(c, Halt.opening)
}

/** What the broker may not send: nothing after it can be trusted to be read as it was meant. */
function illegal(c: Connection, frame: Scanner, way: Way): void {
  const fault = c.session.fault ?? {
    code: 'malformed',
    clause: '',
    why: 'illegal packet',
    reason: Reason.MALFORMED_PACKET,
  }
  way.down.cut()
  if (isOldConnack(c, frame)) {
    const why = 'the broker speaks MQTT 3.1.1 only, the device asked for 5.0'
    noteFloor(
      c,
      way,
      'refuse',
      { code: 'broker_version', clause: 'MQTT-3.1.2-2', why },
      { action: 'connect', ...NO_BYTES },
    )
    return end(c, Reason.UNSUPPORTED_PROTOCOL_VERSION, 'broker_version', way)
  }
  const found = { ...fault, code: `broker_${fault.code}` }
  const about = { action: 'packet', direction: 'down', ...withoutSecrets(frame) } as const
  noteFloor(c, way, 'disconnect', found, about)
  way.log.warn({ device: c.principal.device, code: found.code, clause: fault.clause }, 'illegal packet from the broker')
  end(c, Reason.UNSPECIFIED_ERROR, found.code, way)
}

/** A CONNACK as 3.1.1 has it, with return code 1, in answer to a CONNECT of 5.0: an old broker's way of saying that it is one. */
function isOldConnack(c: Connection, { bytes, type, body, end: until }: Scanner): boolean {
  if (c.session.established || type !== PacketType.CONNACK) return false
  return until - body === 2 && bytes[body] === 0 && bytes[body + 1] === 1
}
