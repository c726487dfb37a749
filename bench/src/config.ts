import { boolean, declareConfig, list, oneOf, optional, path } from '@emitter/kit';
import { suites } from './suites';

/** The settings of `npm run bench`. */
export const benchConfig = declareConfig(
  'bench',
  {
    quick: boolean({ doc: 'A smoke run of seconds: shows that it works. Its figures mean nothing.', default: false }),
    profile: boolean({
      doc: 'Profile both services, and say where their CPU time went. The figures are not kept.',
      default: false,
    }),
    out: optional(
      path({
        doc: 'The folder for latest.json and latest.svg. Default: bench/results, and none with --quick or --profile.',
      }),
    ),
  },
  {
    summary: 'Measures Emitter on its embedded log against its peers, in one run.',
    positionals: {
      suites: list(
        oneOf(
          suites.map(({ name }) => name),
          { doc: '' },
        ),
        {
          doc: `Which suites: ${suites.map(({ name, summary }) => `${name} (${summary})`).join('; ')}. Default: all.`,
          default: [],
        },
      ),
    },
    examples: [
      'npm run bench',
      'npm run bench -- destroyer-vs-echo latency',
      'npm run bench -- deathstar-vs-copy --profile',
    ],
    variablePrefix: 'EMITTER_BENCH_',
  },
);
