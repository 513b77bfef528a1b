import Type from 'typebox'
import { choice, duration, list, path, section, size, text } from '../leaf.ts'

/** Recordings of what the guards judged. */
export const record = Type.Union(
  [
    Type.Literal('off'),
    section(
      {
        path: path({ description: 'The folder of the segments, made with mode 0700.', default: 'recordings' }),
        size: size(
          { description: 'What all segments may take; the oldest goes first.', default: '1GiB' },
          { minimum: 4 * 1024 ** 2 },
        ),
        keep: duration({ description: 'How long a segment is kept.', default: '7d' }, { maximum: 3_650 * 86_400_000 }),
        to: list(
          text(
            'name',
            { description: 'A recipient of age (`age1…`), as `ringwall record keygen` prints it.' },
            '^age1[a-z0-9]+$',
          ),
          { description: 'Who can open the recordings. The gateway itself cannot.' },
          1,
        ),
        payloads: choice(['full', 'digest', 'none'], {
          description:
            'How much of payloads is kept: all, their SHA-256, or nothing. What looks into payloads can be judged again with `full` only.',
          default: 'full',
        }),
      },
      { description: 'What is recorded, where, and for whom.' },
    ),
  ],
  { description: 'Recording of all acts, for `ringwall replay` and `ringwall whatif`, or `off`.', default: 'off' },
)
