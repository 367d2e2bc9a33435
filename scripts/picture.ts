// Draws what a command printed, colours included, as an SVG; the same text gives the same picture:
// FORCE_COLOR=1 npx outlast demo --quiet | npx tsx scripts/picture.ts 'npx outlast demo' docs/images/demo.svg
import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';

const [command, file] = process.argv.slice(2);
if (command === undefined || file === undefined)
  throw new Error('expected a command and a file, in this order');
await writeFile(file, picture(`$ ${command}\n${await text(process.stdin)}`, command));

/** The escape sequences that Outlast's reports use; any other is an error, so that no picture lacks a colour. */
function restyled(style: Readonly<Record<string, string>>, code: string): Readonly<Record<string, string>> {
  const colours: Readonly<Record<string, string>> = {
    31: '#ff7b72',
    32: '#3fb950',
    33: '#d29922',
    36: '#39c5cf',
  };
  const fill = colours[code];
  if (fill !== undefined) return { ...style, fill };
  if (code === '1') return { ...style, 'font-weight': 'bold' };
  if (code === '2') return { ...style, 'fill-opacity': '0.65' };
  // Bold and dim are over with 22, a colour with 39.
  const { fill: colour, ...weight } = style;
  if (code === '22') return colour === undefined ? {} : { fill: colour };
  if (code === '39') return weight;
  throw new Error(`expected colours, bold or dim; got the escape sequence ${code}`);
}

function picture(output: string, title: string): string {
  const [size, wide, high, edge] = [14, 8.43, 20, 20];
  const lines = output.trimEnd().split('\n');
  const columns = Math.max(...lines.map((line) => [...stripVTControlCharacters(line)].length));
  const [width, height] = [Math.ceil(columns * wide) + 2 * edge, lines.length * high + 2 * edge];
  const rows = lines.map((line, row) => {
    const y = edge + (row + 0.75) * high;
    const parts = pieces(line).map(({ column, said, style }) => {
      const place = {
        x: (edge + column * wide).toFixed(2),
        textLength: ([...said].length * wide).toFixed(2),
      };
      return `<tspan${attributes({ ...place, ...style })}>${escaped(said)}</tspan>`;
    });
    return parts.length === 0 ? [] : [`<text y="${y}">${parts.join('')}</text>`];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g fill="#e6edf3" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${size}" xml:space="preserve">
${rows.flat().join('\n')}
</g>
</svg>
`;
}

/** The parts of a line that look alike, without the blanks around them. */
function pieces(line: string): { column: number; said: string; style: Readonly<Record<string, string>> }[] {
  const found: ReturnType<typeof pieces> = [];
  let style: Readonly<Record<string, string>> = {};
  let column = 0;
  for (const [index, part] of line.split(/\u001b\[(\d+)m/).entries()) {
    if (index % 2 === 1) style = restyled(style, part);
    else {
      const blanks = part.length - part.trimStart().length;
      if (part.trim() !== '') found.push({ column: column + blanks, said: part.trim(), style });
      column += [...part].length;
    }
  }
  return found;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
}

function escaped(said: string): string {
  return said.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
