import Type from 'typebox'
import { choice, count, duration, list, path, section } from '../leaf.ts'
import { devices } from './identity.ts'

const POLICIES = ['required', 'if-present'] as const

/** Seals on messages. */
export const seals = Type.Union(
  [
    Type.Literal('off'),
    section(
      {
        secret: path({
          description: 'The file of the secret of the site, as `ringwall seals init` makes it; mode 0600.',
        }),
        policy: choice(POLICIES, {
          description: 'Whether devices must seal what they say, or only what is sealed is verified.',
          default: 'if-present',
        }),
        required: Type.Optional(devices('Devices that must seal what they say, whatever `policy` says.')),
        epochs: list(
          count({ description: 'An epoch of keys.' }, { minimum: 1, maximum: 4_294_967_295 }),
          {
            description: 'The epochs of keys that are accepted, whole numbers: two while keys are rolled.',
            default: [1],
          },
          1,
        ),
        clock: duration(
          {
            description: 'How far the clock of a device may be off, and how long a message may wait to be sent.',
            default: '60s',
          },
          { minimum: 1_000, maximum: 86_400_000 },
        ),
        broker: choice(['keep', 'strip'], {
          description: 'Whether the broker gets messages with their seals, or only what was sealed.',
          default: 'keep',
        }),
        gaps: choice(['tell', 'refuse'], {
          description: 'What becomes of a message before which others have not come: it is told, or refused.',
          default: 'tell',
        }),
      },
      { description: 'Where the secret is, and what is asked of seals. See docs/seals.md.' },
    ),
  ],
  { description: 'Verification of the seals that devices put on their messages, or `off`.', default: 'off' },
)
