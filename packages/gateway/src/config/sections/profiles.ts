import Type from 'typebox'
import { choice, list, path, section, text } from '../leaf.ts'

/** What devices may say: profiles, who vouches for them, and what becomes of what they do not describe. */
export const profiles = section(
  {
    files: list(
      path({ description: 'A profile (Thing Description in JSON), or a glob such as `profiles/*.td.json`.' }),
      {
        description: 'The profiles, as files or globs; a glob that finds nothing is an error.',
        default: [],
      },
    ),
    signed: choice(['allow', 'require'], {
      description:
        '`require` refuses profiles that are not signed by a key of `trust`; `allow` takes plain ones too. A signature that does not hold is always refused.',
      default: 'allow',
    }),
    trust: list(path({ description: 'A public key (PEM): Ed25519 or ECDSA P-256.' }), {
      description: 'The keys whose signatures on profiles count.',
      default: [],
    }),
    undeclared: choice(['allow', 'refuse'], {
      description: 'What a device says on a topic that its profile does not declare.',
      default: 'refuse',
    }),
    strangers: choice(['allow', 'refuse'], {
      description:
        'What a device says for which there is no profile; commands to devices that have one are judged in either case.',
      default: 'allow',
    }),
    downward: choice(['commands', 'all'], {
      description:
        'Which messages to devices are judged by profiles: commands to the device itself, or also what others have said, which was judged on its way up.',
      default: 'commands',
    }),
    mode: Type.Optional(
      text(
        'name',
        {
          description: 'The reading that tells the operating mode, as `device/name`; commands with `rw:modes` need it.',
        },
        '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}/[A-Za-z_][A-Za-z0-9_]{0,63}$',
      ),
    ),
  },
  { description: 'What each type of device may say: see docs/profiles.md.', default: {} },
)
