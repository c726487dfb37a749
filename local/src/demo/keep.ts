import type { Stack } from '../stack';
import { designedPorts } from '../stack/ports';
import type { Terminal } from './terminal';

/** Says where everything is and what to try next, for a stack that stays up. */
export function printAddresses({ line, style }: Terminal, { destroyer, deathstar, postgres, database }: Stack): void {
  line();
  line(style.bold('Emitter stays up until Ctrl-C.'));
  for (const { name, address, ports, log } of [destroyer, deathstar]) {
    line(`  ${name.padEnd(10)} ${style.accent(address)}   health 127.0.0.1:${ports.health}`);
    line(style.dim(`             metrics http://127.0.0.1:${ports.metrics}/metrics   log ${log}`));
  }
  line(`  Postgres   ${style.accent(`127.0.0.1:${postgres.port}`)}   database ${database}`);
  line(style.dim(`             log ${postgres.log}`));
  if (destroyer.ports.api !== designedPorts.destroyer.api) {
    line(`  Port ${designedPorts.destroyer.api} is taken by another program, so destroyer has another one.`);
  }
  // The commands look at the designed port by themselves.
  const at = destroyer.ports.api === designedPorts.destroyer.api ? '' : ` --address ${destroyer.address}`;
  line();
  line(style.bold('Try, in another terminal:'));
  line(`  npm run acquire -- "a message" --criticality 7${at}`);
  line(`  npm run -s list -- --min-criticality 5${at}`);
  line(`  npm run simulator -- watch${at}`);
  line(`  npm run simulator -- serve${at}`);
  line(`  kill -9 ${deathstar.pid() ?? '<pid>'}   ${style.dim('and see deathstar recover here')}`);
}
