import { list, path, section } from '../leaf.ts'

/** Patterns over time, and what is no alarm. */
export const scenarios = section(
  {
    files: list(path({ description: 'A scenario or Sigma rule (YAML), or a glob such as `rules/scenarios/*.yaml`.' }), {
      description:
        'The scenarios, as files or globs; files named `*.test.yaml` are left out. None: nothing is looked for.',
      default: [],
    }),
    allow: list(path({ description: 'An allow-list (YAML).' }), {
      description: 'Allow-lists; each entry has an owner, a reason and an end.',
      default: [],
    }),
  },
  { description: 'Patterns over many messages and over time: see docs/scenarios.md.', default: {} },
)
