import Type from 'typebox'
import { choice, count, duration, list, path, section, text } from '../leaf.ts'

/** A model that tells attacks on sessions by what they do. */
export const intrusion = Type.Union(
  [
    Type.Literal('off'),
    section(
      {
        model: path({
          description: 'The model, a file that `ringwall learn fit --save` or `ringwall learn harden` wrote.',
        }),
        digest: text(
          'text',
          { description: 'Its digest, as `ringwall learn report` prints it: another model is refused.' },
          '^[0-9a-f]{64}$',
        ),
        normal: list(
          text('text', { description: 'A class of the model.' }),
          { description: 'The classes that are no attack.', default: ['benign'] },
          1,
        ),
        threshold: count(
          {
            description: 'The probability of no normal class from which on a session is an alarm, in percent.',
            default: 90,
          },
          { minimum: 50, maximum: 100 },
        ),
        severity: choice(['low', 'medium', 'high', 'critical'], {
          description: 'Of its alarms.',
          default: 'medium',
        }),
        quiet: duration({
          description: 'How long the same class is not told again of the same device or address.',
          default: '10m',
        }),
        doubt: choice(['off', 'alarm'], {
          description:
            'Whether a window that is like nothing that an ensemble has learned is an alarm, of class `unknown`, where it is not likely an attack.',
          default: 'off',
        }),
      },
      { description: 'Which model, and what its alarms are.' },
    ),
  ],
  { description: 'Attacks on sessions, told by a model: see docs/learn-sessions.md.', default: 'off' },
)
