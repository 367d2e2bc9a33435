// Runs the dependency rules and insists that modules were seen: a cruise of nothing passes everything.
import { execFileSync } from 'node:child_process';

const args = [
  'depcruise',
  'src',
  'reference/src',
  '--config',
  '.dependency-cruiser.js',
  '--output-type',
  'json',
];
const { summary } = JSON.parse(
  execFileSync('npx', args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] }),
);
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
if (summary.totalCruised === 0) console.error('dependency-cruiser saw no modules: the rules proved nothing');
console.log(`${summary.totalCruised} modules, ${summary.violations.length} violations`);
process.exitCode = summary.totalCruised > 0 && summary.violations.length === 0 ? 0 : 1;
