import { expect, test } from 'vitest'
import { MQTT_EVENTS } from './index.ts'
import { down, packet, publish, Talk } from './signature.testkit.ts'

/** The sids that one packet fires, each rule given by its options. */
function fires(about: ReturnType<typeof packet>, ...options: string[]): number[] {
  const rules = options.map((option, index) => `alert mqtt any any -> any any (${option} sid:${index + 1};)`)
  return new Talk(rules.join('\n')).sids(about)
}

const one = (about: ReturnType<typeof packet>, options: string) => fires(about, options).length === 1

test('a content is found in its own buffer only', () => {
  const about = publish('plant/pump/level', '{"level":1}')
  expect(one(about, 'mqtt.publish.topic; content:"pump";')).toBe(true)
  expect(one(about, 'mqtt.publish.message; content:"pump";')).toBe(false)
  expect(one(about, 'mqtt.publish.message; content:"|7b 22|level";')).toBe(true)
  expect(one(about, 'content:"pump/level{";')).toBe(false)
  expect(one(packet({ version: 4, publish: { topic: 'pump/level', message: '{}' } }), 'content:"pump/level{";')).toBe(
    true,
  )
})

test.each([
  ['content:"PUMP";', false],
  ['content:"PUMP"; nocase;', true],
  ['content:!"valve";', true],
  ['content:!"pump";', false],
  ['content:"plant"; startswith;', true],
  ['content:"pump"; startswith;', false],
  ['content:"level"; endswith;', true],
  ['content:"pump"; endswith;', false],
  ['content:"pump"; offset:6;', true],
  ['content:"pump"; offset:7;', false],
  ['content:"pump"; depth:10;', true],
  ['content:"pump"; depth:9;', false],
  ['content:"pump"; offset:2; depth:8;', true],
  ['content:"pump"; offset:2; depth:7;', false],
  ['content:"plant"; content:"pump"; distance:1;', true],
  ['content:"plant"; content:"pump"; distance:2;', false],
  ['content:"plant"; content:"pump"; distance:0; within:5;', true],
  ['content:"plant"; content:"pump"; distance:0; within:4;', false],
  ['content:"plant"; content:"pump"; distance:1; within:4;', true],
  ['content:"pump"; content:"plant"; distance:-10;', true],
  ['content:"pump"; content:"plant"; distance:0;', false],
  ['content:"p"; content:"level"; within:5;', false],
  ['content:"p"; content:"level"; within:6;', true],
  ['content:"p"; content:"p"; distance:2; within:1;', true],
  ['content:"plant"; content:!"level"; within:8;', true],
  ['content:"plant"; content:!"level"; within:11;', false],
  ['bsize:16;', true],
  ['bsize:>16;', false],
  ['bsize:10<>17; content:"pump";', true],
  ['content:"pump"; isdataat:6,relative;', false],
  ['content:"pump"; isdataat:5,relative;', true],
  ['content:"level"; isdataat:!0,relative;', true],
  ['isdataat:15;', true],
  ['isdataat:16;', false],
  ['pcre:"/pump\\/l.vel$/";', true],
  ['pcre:"/^pump/";', false],
  ['pcre:!"/^pump/";', true],
  ['content:"plant/"; pcre:"/^pump/R";', true],
  ['content:"p"; pcre:"/^p/R"; content:"level";', false],
  ['pcre:"/pl[a-z]+/"; content:"pump"; distance:1; within:4;', true],
  ['pcre:"/PUMP/i"; content:"level"; distance:1;', true],
])('plant/pump/level and %s: %s', (options, wanted) => {
  expect(one(publish('plant/pump/level'), `mqtt.publish.topic; ${options}`)).toBe(wanted)
})

test.each([
  ['mqtt.type:CONNECT;', true],
  ['mqtt.type:PUBLISH;', false],
  ['mqtt.type:!publish;', true],
  ['mqtt.protocol_version:5;', true],
  ['mqtt.protocol_version:>4;', true],
  ['mqtt.protocol_version:3-5;', false],
  ['mqtt.protocol_version:3-6;', true],
  ['mqtt.connect.flags:username,password,!will;', true],
  ['mqtt.connect.flags:!username;', false],
  ['mqtt.connect.flags:&0xc0=0xc0;', true],
  ['mqtt.connect.username; content:"ben"; startswith;', true],
  ['mqtt.connect.password; content:"fish"; endswith;', true],
  ['mqtt.connect.clientid; pcre:"/^mosq.*/";', true],
  ['mqtt.connect.protocol_string; content:"MQTT";', true],
  ['mqtt.connect.willtopic; content:"x";', false],
  ['mqtt.connect.willtopic; absent;', true],
  ['mqtt.qos:0; mqtt.flags:!retain,!dup;', true],
  ['flow:to_server;', true],
  ['flow:established,to_client;', false],
  ['flow:not_established;', false],
  ['app-layer-protocol:mqtt;', true],
  ['app-layer-protocol:!mqtt;', false],
  ['dsize:>20;', true],
])('a CONNECT and %s: %s', (options, wanted) => {
  const about = packet({ connect: { clientid: 'mosq-1', username: 'benson', password: 'swordfish' } })
  expect(one(about, options)).toBe(wanted)
})

test('a will, MQTT 3.1 and fields behind a cut are read as far as they go', () => {
  const connect = { clientid: 'a', will: { topic: 'last', message: 'words', retain: true }, username: 'benson' }
  for (const version of [3, 4, 5]) {
    const about = packet({ version, connect }, { version: 0 })
    const options = ['mqtt.connect.willtopic; content:"last";', 'mqtt.connect.willmessage; content:"words";']
    expect(
      fires(about, ...options, 'mqtt.connect.flags:will,will_retain;', `mqtt.protocol_version:${version};`),
    ).toEqual([1, 2, 3, 4])
    const cut = packet(about.bytes.slice(0, -3), { version: 0 })
    expect(fires(cut, ...options, 'mqtt.connect.username; content:"ben";')).toEqual([1, 2])
  }
  expect(one(packet({ version: 3, connect }), 'mqtt.connect.protocol_string; content:"MQIsdp"; bsize:6;')).toBe(true)
})

test('of several filters one must hold all that stands behind one mention', () => {
  const about = packet({ subscribe: { topics: ['plant/#', 'office/+/heat'] } })
  expect(one(about, 'mqtt.subscribe.topic; content:"office"; content:"heat";')).toBe(true)
  expect(one(about, 'mqtt.subscribe.topic; content:"plant"; content:"heat";')).toBe(false)
  expect(one(about, 'mqtt.subscribe.topic; content:"plant"; mqtt.subscribe.topic; content:"heat";')).toBe(true)
  expect(
    one(
      packet({ version: 4, unsubscribe: { topics: ['a', 'plant/#'] } }),
      'mqtt.unsubscribe.topic; content:"#"; endswith;',
    ),
  ).toBe(true)
})

test.each([
  [{ connack: { code: 134 } }, 'mqtt.connack.return_code:134;', true],
  [{ version: 4, connack: { code: 5 } }, 'mqtt.reason_code:5;', true],
  [{ connack: { present: true } }, 'mqtt.connack.session_present:yes;', true],
  [{ connack: {} }, 'mqtt.connack.session_present:true;', false],
  [{ suback: { codes: [0, 0x87] } }, 'mqtt.reason_code:>127;', true],
  [{ version: 4, suback: { codes: [0, 1] } }, 'mqtt.reason_code:0x80;', false],
  [{ unsuback: { codes: [17] } }, 'mqtt.type:UNSUBACK; mqtt.reason_code:17;', true],
  [{ puback: { code: 16 } }, 'mqtt.reason_code:16;', true],
  [{ puback: {} }, 'mqtt.reason_code:0;', true],
  [{ version: 4, puback: {} }, 'mqtt.reason_code:0;', false],
  [{ disconnect: {} }, 'mqtt.reason_code:0;', true],
  [{ disconnect: { code: 139 } }, 'mqtt.type:DISCONNECT; mqtt.reason_code:139;', true],
  [{ auth: { code: 24 } }, 'mqtt.reason_code:24;', true],
])('%o and %s: %s', (described, options, wanted) => {
  expect(one(down(described), options)).toBe(wanted)
})

test('a rule speaks once a transaction, as in Suricata', () => {
  const talk = new Talk('alert mqtt any any -> any any (mqtt.flags:!retain,!dup; sid:1;)')
  expect(talk.sids(packet({ connect: {} }))).toEqual([1])
  expect(talk.sids(down({ connack: {} }))).toEqual([])
  expect(talk.sids(publish('a'))).toEqual([1])
  expect(talk.sids(publish('a'))).toEqual([1])
  expect(talk.sids(packet({ publish: { topic: 'a', qos: 1, id: 7 } }))).toEqual([1])
  expect(talk.sids(packet({ publish: { topic: 'a', qos: 1, id: 8 } }))).toEqual([1])
  expect(talk.sids(down({ puback: { id: 7 } }))).toEqual([])
  expect(talk.sids(packet({ publish: { topic: 'a', qos: 1, id: 7 } }))).toEqual([1])
  expect(talk.sids(packet({ disconnect: {} }))).toEqual([1])
})

test('a rule may speak of two packets of one transaction', () => {
  const talk = new Talk(
    'alert mqtt any any -> any any (mqtt.connect.username; content:"admin"; mqtt.reason_code:134; sid:1;)',
  )
  const login = (username: string, code: number) => [
    ...talk.sids(packet({ connect: { username } })),
    ...talk.sids(down({ connack: { code } })),
  ]
  expect(login('admin', 0)).toEqual([])
  expect(login('pump', 134)).toEqual([])
  expect(login('admin', 134)).toEqual([1])
})

test('what can never be together is left out with a warning', () => {
  const { engine } = new Talk(
    'alert mqtt any any -> any any (mqtt.type:PUBLISH; mqtt.subscribe.topic; content:"a"; sid:1;)',
  )
  expect(engine.rules.warnings).toMatchObject([{ code: 'rule_never_fires', place: { file: 'test.rules', line: 1 } }])
})

test('addresses, ports and directions', () => {
  const about = publish('a')
  const sids = (header: string, of = about) =>
    new Talk(`alert ${header} (msg:"x"; sid:1;)`, {
      HOME_NET: '[10.0.0.0/8,!10.0.0.5]',
      EXTERNAL_NET: '!$HOME_NET',
    }).sids(of).length
  expect(sids('mqtt any any -> any 1883')).toBe(1)
  expect(sids('mqtt any any -> any 8883')).toBe(0)
  expect(sids('mqtt any any <> any 40000')).toBe(1)
  expect(sids('mqtt any 1883 -> any any')).toBe(0)
  expect(sids('tcp 10.0.0.0/24 [1024:,!5000] -> 10.0.0.1 1000:2000')).toBe(1)
  expect(sids('ip $EXTERNAL_NET any -> $HOME_NET any')).toBe(1)
  expect(sids('mqtt $HOME_NET any -> any any')).toBe(0)
  expect(sids('mqtt any any -> any 1883', down({ connack: {} }))).toBe(1)
  expect(sids('mqtt any any -> any 1883', down({ publish: { topic: 'a' } }))).toBe(0)
  expect(sids('mqtt ::/0 any -> any any')).toBe(1)
  expect(sids('mqtt fe80::1-fe80::ff any -> any any')).toBe(0)
})

test('pass ends what follows, drop and reject stand before alert', () => {
  const rules = [
    'alert mqtt any any -> any any (mqtt.publish.topic; content:"plant"; sid:1;)',
    'drop mqtt any any -> any any (mqtt.publish.topic; content:"plant"; sid:2;)',
    'reject mqtt any any -> any any (mqtt.publish.topic; content:"plant"; sid:3;)',
    'pass mqtt any any -> any any (mqtt.publish.topic; content:"/test"; endswith; sid:4;)',
  ]
  const talk = new Talk(rules.join('\n'))
  expect(talk.sids(publish('plant/a'))).toEqual([2, 3, 1])
  expect(talk.sids(publish('plant/test'))).toEqual([4])
})

test('thresholds and detection filters', () => {
  const rule = (option: string) => new Talk(`drop mqtt any any -> any any (mqtt.type:PUBLISH; ${option} sid:1;)`)
  const run = (talk: Talk, seconds: number[]) =>
    seconds.map(second => talk.hits(publish('a'), second * 1_000).map(({ alerts }) => alerts))
  const limit = rule('threshold:type limit, track by_src, count 2, seconds 10;')
  expect(run(limit, [0, 1, 2, 11])).toEqual([[true], [true], [false], [true]])
  const each = rule('threshold:type threshold, track by_dst, count 2, seconds 10;')
  expect(run(each, [0, 1, 2, 3, 20])).toEqual([[], [true], [], [true], []])
  const both = rule('threshold:type both, track by_rule, count 2, seconds 10;')
  expect(run(both, [0, 1, 2, 3, 20])).toEqual([[], [true], [false], [false], []])
  const filter = rule('detection_filter:track by_flow, count 2, seconds 10;')
  expect(run(filter, [0, 1, 2, 3, 20])).toEqual([[], [], [true], [true], []])
  const other = { address: null, port: 1, name: '10.0.0.6' }
  expect(limit.sids(packet(publish('a').bytes, { client: other }), 12_000)).toEqual([1])
})

test('flowbits carry over from packet to packet of a connection', () => {
  const talk = new Talk(
    [
      'alert mqtt any any -> any any (mqtt.publish.topic; content:"second"; flowbits:isset,armed; sid:2;)',
      'alert mqtt any any -> any any (mqtt.publish.topic; content:"first"; flowbits:set,armed; flowbits:noalert; sid:1;)',
      'alert mqtt any any -> any any (mqtt.publish.topic; content:"third"; flowbits:isnotset,armed; sid:3;)',
      'alert mqtt any any -> any any (mqtt.publish.topic; content:"flip"; flowbits:toggle,armed; noalert; sid:4;)',
    ].join('\n'),
  )
  const said = ['second', 'third', 'first', 'second', 'third', 'flip', 'second', 'third', 'second/first']
  expect(said.map(topic => talk.sids(publish(topic)))).toEqual([[], [3], [], [2], [], [], [], [3], [2]])
})

test('events come from whoever reads the traffic', () => {
  const { missing_connect, invalid_qos_level } = MQTT_EVENTS
  const talk = new Talk('alert mqtt any any -> any any (app-layer-event:mqtt.missing_connect; sid:1;)')
  expect(talk.sids(down({ connack: {} }, { events: missing_connect | invalid_qos_level }))).toEqual([1])
  expect(talk.sids(down({ connack: {} }, { events: invalid_qos_level }))).toEqual([])
})

test('a topic that an alias stands for counts as if it were written', () => {
  const talk = new Talk(
    'alert mqtt any any -> any any (mqtt.publish.topic; content:"plant/pump"; mqtt.publish.message; content:"on"; sid:1;)',
  )
  const topic = new TextEncoder().encode('plant/pump/set')
  const bare = packet({ publish: { topic: '', message: 'on' } })
  expect(talk.sids(bare)).toEqual([])
  expect(talk.sids({ ...bare, topic })).toEqual([1])
  expect(talk.sids({ ...bare, topic, named: talk.engine.named(topic) })).toEqual([1])
})

test('what is told never holds a password', () => {
  const talk = new Talk(
    'alert mqtt any any -> any any (mqtt.connect.password; content:"sword"; mqtt.connect.clientid; content:"mosq"; sid:1;)',
  )
  const about = packet({ connect: { clientid: 'mosq\n1', username: 'benson', password: 'swordfish' } })
  expect(talk.hits(about)).toMatchObject([{ what: 'CONNECT, mqtt.connect.password, mqtt.connect.clientid "mosq.1"' }])
})
