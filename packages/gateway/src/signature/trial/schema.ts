import Type from 'typebox'
import { count, duration, flag, list, section, text } from '../../config/leaf.ts'
import type { Shape } from '../../config/shape.ts'

const word = (description: string) => Type.Optional(text('sentence', { description }))
const hex = (description: string) => Type.Optional(text('sentence', { description }, '^([0-9a-fA-F]{2}\\s*)+$'))
const number = (description: string, maximum: number) => Type.Optional(count({ description }, { maximum }))
const truth = (description: string) => Type.Optional(flag({ description }))
const codes = list(count({ description: 'A reason code.' }, { maximum: 255 }), { description: 'The reason codes.' }, 1)
const topics = list(text('sentence', { description: 'A topic filter.' }), { description: 'The topic filters.' }, 1)
const id = number('The packet identifier; 1 unless said.', 65_535)

const payload = {
  message: word('The payload as text.'),
  hex: hex('The payload in hexadecimal digits, behind the text.'),
  pad: number('How many x stand behind the payload.', 1_000_000),
}

const code = number('The reason code.', 255)

/** One step of a trial: a packet, said once or several times. */
const step = section(
  {
    publish: Type.Optional(
      section(
        {
          topic: text('sentence', { description: 'The topic.' }),
          ...payload,
          qos: number('The QoS bits.', 3),
          retain: truth('Whether it is retained.'),
          dup: truth('Whether it is sent again.'),
          id,
        },
        { description: 'A PUBLISH.' },
      ),
    ),
    connect: Type.Optional(
      section(
        {
          clientid: word('The client id.'),
          username: word('The user name.'),
          password: word('The password.'),
          will: Type.Optional(
            section(
              {
                topic: text('sentence', { description: "The will's topic." }),
                ...payload,
                qos: number("The will's QoS.", 2),
                retain: truth('Whether it is retained.'),
              },
              { description: 'The will.' },
            ),
          ),
          clean: truth('Whether the session begins anew; it does unless said.'),
          protocol: word('The protocol name.'),
        },
        { description: 'A CONNECT.' },
      ),
    ),
    connack: Type.Optional(
      section({ code, present: truth('Whether a session was present.') }, { description: 'A CONNACK.' }),
    ),
    subscribe: Type.Optional(section({ topics, qos: number('The QoS.', 2), id }, { description: 'A SUBSCRIBE.' })),
    unsubscribe: Type.Optional(section({ topics, id }, { description: 'An UNSUBSCRIBE.' })),
    suback: Type.Optional(section({ codes, id }, { description: 'A SUBACK.' })),
    unsuback: Type.Optional(section({ codes, id }, { description: 'An UNSUBACK.' })),
    puback: Type.Optional(section({ code, id }, { description: 'A PUBACK.' })),
    pingreq: Type.Optional(section({}, { description: 'A PINGREQ.' })),
    disconnect: Type.Optional(section({ code }, { description: 'A DISCONNECT.' })),
    auth: Type.Optional(section({ code }, { description: 'An AUTH.' })),
    packet: hex('A whole packet in hexadecimal digits.'),
    down: truth('Whether the broker says it.'),
    version: number('The protocol version; 5 unless said.', 5),
    times: number('How often it is said; once unless said.', 10_000),
    apart: Type.Optional(duration({ description: 'The time between; 1 s unless said.' })),
    as: word('Whose connection it is; each name is a client of its own.'),
  },
  { description: 'A packet.' },
)

/** A file of trials: for each rule what fires it, and what nearly does. */
export const trialShape = section(
  {
    trials: list(
      section(
        {
          sid: count({ description: 'The rule.' }, { minimum: 1 }),
          gid: number('The group of the rule; 1 unless said.', 0xf_ffff),
          fires: list(step, { description: 'Packets that fire it, in order.' }, 1),
          silent: list(step, { description: 'Packets that nearly do and must not, in order.' }, 1),
        },
        { description: 'What one rule is held to.' },
      ),
      { description: 'The trials.', default: [] },
    ),
  },
  { description: 'The tests of rules.' },
)

export type Trials = Type.Static<typeof trialShape>
export type Trial = Trials['trials'][number]
export type TrialStep = Trial['fires'][number]

/** The same, as the reader of values sees it. */
export const shape = trialShape as unknown as Shape
