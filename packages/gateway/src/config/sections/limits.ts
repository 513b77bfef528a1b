import { size as bytes, count, duration, list, rate, section, text } from '../leaf.ts'

// A fixed header of 5 bytes and the longest remaining length that MQTT can write (MQTT 5.0, 1.5.5 and 2.1.4).
const LARGEST_PACKET = 268_435_455 + 5

const second = { minimum: 100 }

/** The floor's bounds. */
export const limits = section(
  {
    packet: bytes(
      { description: 'The largest packet. A larger one ends the connection.', default: '1MiB' },
      { minimum: 128, maximum: LARGEST_PACKET },
    ),
    connections: count({ description: 'Connections at once.', default: 10_000 }, { minimum: 1 }),
    devices: count(
      { description: 'Devices whose state is kept (lanes).', default: 10_000 },
      { minimum: 1, maximum: 10_000_000 },
    ),
    handshakes: count({ description: 'Unfinished TLS handshakes at once.', default: 256 }, { minimum: 1 }),
    connectRate: rate({ description: 'New connections, in all.', default: '200/s' }),
    connectBurst: count({ description: 'New connections at one moment, in all.', default: 400 }, { minimum: 1 }),
    addressRate: rate({ description: 'New connections from one address.', default: '20/s' }),
    addressBurst: count(
      { description: 'New connections at one moment from one address.', default: 200 },
      { minimum: 1 },
    ),
    addressConnections: count({
      description: 'Connections at once from one address; 0 is no limit, for sites behind one address.',
      default: 0,
    }),
    handshakeTimeout: duration({ description: 'How long a TLS handshake may take.', default: '10s' }, second),
    connectTimeout: duration(
      { description: 'How long a device may take from the handshake to a whole CONNECT.', default: '10s' },
      second,
    ),
    buffered: bytes(
      { description: 'Bytes kept for unfinished packets and waiting sends, over all connections.', default: '256MiB' },
      { minimum: 1024 ** 2 },
    ),
  },
  { description: 'Bounds that are always enforced.', default: {} },
)

/** The size guard's bounds. */
export const size = section(
  {
    default: bytes({ description: 'The largest payload on topics that no filter names.', default: '256KiB' }),
    topics: list(
      section(
        {
          filter: text('filter', { description: 'An MQTT topic filter.' }),
          bytes: bytes({ description: 'The largest payload.' }),
        },
        { description: 'A bound for some topics.' },
      ),
      { description: 'Bounds by topic; the first filter that matches counts.', default: [] },
    ),
  },
  { description: 'The size guard: the largest payloads.', default: {} },
)

const bucket = (what: string) =>
  section(
    {
      messages: rate({ description: `Messages ${what}, over time.`, default: '200/s' }),
      burst: count({ description: `Messages ${what}, at one moment.`, default: 400 }, { minimum: 1 }),
    },
    { description: `The budget ${what}.`, default: {} },
  )

/** The rate guard's budgets. */
export const rates = section(
  {
    connection: bucket('of one connection'),
    device: bucket('of one device'),
    topics: list(
      section(
        {
          filter: text('filter', { description: 'An MQTT topic filter.' }),
          messages: rate({ description: 'Messages of one device on these topics, over time.' }),
          burst: count(
            { description: 'Messages of one device on these topics, at one moment.', default: 1 },
            { minimum: 1 },
          ),
        },
        { description: 'A budget for some topics.' },
      ),
      { description: 'Budgets by topic; the first filter that matches counts.', default: [] },
    ),
    patience: duration({ description: 'How long a device is slowed down before its acts are refused.', default: '5s' }),
    headroom: count(
      {
        description:
          'How many times its learned rate a device may have in the same operating mode, never above `device`; 0 does not look at what was learned.',
        default: 4,
      },
      { maximum: 1_000 },
    ),
    floor: rate({ description: 'No learned rate narrows a device below this.', default: '1/s' }),
    recovery: duration({
      description: 'How long a limit stays narrow after the posture or the load that narrowed it is better.',
      default: '10s',
    }),
  },
  { description: 'The rate guard: how often devices may speak.', default: {} },
)
