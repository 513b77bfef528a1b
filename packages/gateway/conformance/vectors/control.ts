import { ack, type Bytes, connect, PINGREQ, PUBACK, PUBCOMP, PUBREC, PUBREL, packet, prop, told } from '../build.ts'
import { bad, good, type Vector } from '../vector.ts'

const REASONS: readonly (readonly [first: number, name: string, legal: readonly number[]])[] = [
  [PUBACK, 'PUBACK', [0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]],
  [PUBREC, 'PUBREC', [0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]],
  [PUBREL, 'PUBREL', [0, 0x92]],
  [PUBCOMP, 'PUBCOMP', [0, 0x92]],
  [0xe0, 'DISCONNECT', [0, 4, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99]],
  [0xf0, 'AUTH', [0x18, 0x19]],
]
const CODES = [
  0, 1, 2, 4, 0x10, 0x11, 0x18, 0x19, 0x80, 0x81, 0x82, 0x83, 0x84, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x90, 0x91, 0x92,
  0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9b, 0xa2, 0xff,
]
const AUTH = { authMethods: ['SCRAM'] }

const reasons: Vector[] = REASONS.flatMap(([first, name, legal]) =>
  CODES.map(code => {
    const clause = `MQTT-3.${first >> 4}.2-1`
    const method = prop.method('SCRAM')
    const stream =
      name === 'AUTH'
        ? [connect(5, { properties: [method] }), ...(code === 0x19 ? [PINGREQ] : []), told(first, code, [method])]
        : [connect(5), name === 'DISCONNECT' ? told(first, code) : ack(first, 7, code)]
    const what = `${name} with reason ${code}`
    return legal.includes(code)
      ? good(5, clause, what, stream, AUTH)
      : bad(5, clause, 'reason_illegal', what, stream, { options: AUTH, strict: name !== 'AUTH' })
  }),
)

const METHOD = prop.method('SCRAM')
const OTHER = prop.method('PLAIN')
const asked = connect(5, { properties: [METHOD] })
const auth = (reason: number, ...props: Bytes[]) => told(0xf0, reason, props)
const authentication: Vector[] = [
  bad(5, 'MQTT-4.12.0-1', 'authentication_method', 'a method that nobody listed', [asked], { strict: true }),
  bad(5, 'MQTT-4.12.0-1', 'authentication_method', 'an empty method', [connect(5, { properties: [prop.method('')] })], {
    strict: true,
    options: AUTH,
  }),
  good(5, 'MQTT-4.12.0-1', 'a method that is listed', [asked], AUTH),
  bad(5, 'MQTT-4.12.0-7', 'auth_unasked', 'AUTH though CONNECT had no method', [connect(5), auth(0x18, METHOD)]),
  bad(5, 'MQTT-4.12.0-7', 'auth_unasked', 're-authentication though CONNECT had no method', [
    connect(5),
    PINGREQ,
    auth(0x19, METHOD),
  ]),
  good(5, 'MQTT-4.12.0-7', 'AUTH where CONNECT had a method', [asked, auth(0x18, METHOD, prop.data('proof'))], AUTH),
  bad(5, 'MQTT-4.12.0-5', 'authentication_method_other', 'AUTH with another method', [asked, auth(0x18, OTHER)], {
    options: { authMethods: ['SCRAM', 'PLAIN'] },
  }),
  good(5, 'MQTT-4.12.0-5', 'AUTH with the same method, twice', [asked, auth(0x18, METHOD), auth(0x18, METHOD)], AUTH),
  bad(
    5,
    'MQTT-4.12.1-1',
    'authentication_method_other',
    're-authentication with another method',
    [asked, PINGREQ, auth(0x19, OTHER)],
    { options: { authMethods: ['SCRAM', 'PLAIN'] } },
  ),
  good(
    5,
    'MQTT-4.12.1-1',
    're-authentication with the same method',
    [asked, PINGREQ, auth(0x19, METHOD), auth(0x18, METHOD)],
    AUTH,
  ),
  bad(
    5,
    'MQTT-4.12.1-1',
    'auth_order',
    'AUTH goes on where nothing is under way',
    [asked, PINGREQ, auth(0x18, METHOD)],
    { options: AUTH },
  ),
  bad(5, 'MQTT-3.15.2.2.2', 'authentication_method_missing', 'AUTH without a method', [asked, auth(0x18)], {
    options: AUTH,
  }),
  bad(5, 'MQTT-3.15.2-1', 'reason_illegal', 'AUTH without a body', [asked, packet(0xf0)], { options: AUTH }),
]

const complete: Vector[] = [
  good(5, 'MQTT-3.15.2.2.2', 'AUTH with its method and nothing else', [asked, auth(0x18, METHOD), PINGREQ], AUTH),
]

export const controlVectors: readonly Vector[] = [...reasons, ...authentication, ...complete]
