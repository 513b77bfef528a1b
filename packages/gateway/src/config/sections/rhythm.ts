import { count, duration, section } from '../leaf.ts'

/** The rhythm guard: how long it learns. */
export const rhythm = section(
  {
    learning: duration(
      {
        description:
          'How long a device is connected, by operating mode, until what it does is its baseline. Until then nothing is judged.',
        default: '1h',
      },
      { minimum: 1_000 },
    ),
    messages: count(
      { description: 'How many messages it publishes until then at least.', default: 100 },
      { minimum: 20, maximum: 1_000_000 },
    ),
  },
  { description: 'The rhythm guard: what devices do every day. See docs/rhythm.md.', default: {} },
)
