import Type from 'typebox'
import { choice, duration, list, path, section, size, text } from '../leaf.ts'

const YEARS_10 = 3_650 * 86_400_000

const acts = Type.Union(
  [
    Type.Literal('off'),
    section(
      {
        keep: duration({ description: 'How long single acts can be proven.', default: '30d' }, { maximum: YEARS_10 }),
        size: size(
          { description: 'What their side files may take; the oldest goes first.', default: '1GiB' },
          { minimum: 4 * 1024 ** 2 },
        ),
      },
      { description: 'How long single allowed acts can be proven.' },
    ),
  ],
  {
    description:
      'Allowed acts: the ledger holds the Merkle root of each batch, a side file the acts. `off`: they leave no trace.',
    default: {},
  },
)

const witness = section(
  {
    url: text(
      'name',
      { description: 'Where it takes `/add-checkpoint` (C2SP tlog-witness), without that.' },
      '^https?://[!-~]+$',
    ),
    key: text('name', { description: 'What `ringwall witness init` printed: name+id+key.' }, '^[!-~]{10,4096}$'),
  },
  { description: 'A witness that cosigns what only ever grows.' },
)

/** The audit trail. */
export const ledger = Type.Union(
  [
    Type.Literal('off'),
    section(
      {
        path: path({ description: 'The folder of the ledger, made with mode 0700.', default: 'data/ledger' }),
        key: path({
          description:
            'The Ed25519 key that signs its checkpoints, a PEM file (PKCS #8). Made with mode 0600 where there is none; what verifies it is written beside it (`.pub`).',
          default: 'data/ledger.key',
        }),
        secret: path({
          description:
            'The secret of its commitments, 32 bytes in hex, made with mode 0600 where there is none. Without it no payload can be disclosed any more.',
          default: 'data/ledger.secret',
        }),
        origin: Type.Optional(
          text(
            'name',
            { description: 'The name of the ledger, one for each gateway. Absent: `ringwall/` and the site.' },
            '^[!-*,-~]{1,128}$',
          ),
        ),
        overload: choice(['degrade', 'block'], {
          description:
            'What is done while the disk does not follow. `degrade`: what has no room is only counted. `block`: no device is read until it does.',
          default: 'degrade',
        }),
        acts,
        witnesses: list(witness, {
          description:
            'Witnesses, on machines of others, that are asked to cosign each checkpoint. Nothing waits for them.',
          default: [],
        }),
      },
      { description: 'Where it lies, and what becomes of what it has no room for.' },
    ),
  ],
  {
    description:
      'The audit trail: refusals, connections, configurations and what people order, in a ledger that nobody rewrites unseen (docs/audit.md), or `off`.',
    default: {},
  },
)
