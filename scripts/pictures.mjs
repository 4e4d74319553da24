/** Renders the committed PNGs and the example face from their SVG sources: `node scripts/pictures.mjs`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from './prepare.mjs';

const icon = await readFile(join(root, 'public/icons/icon.svg'), 'utf8');
const icons = join(root, 'public/icons');
await sharp(Buffer.from(icon), { density: 144 })
  .resize(192)
  .png({ compressionLevel: 9 })
  .toFile(join(icons, 'icon-192.png'));
await sharp(Buffer.from(icon), { density: 144 })
  .resize(512)
  .png({ compressionLevel: 9 })
  .toFile(join(icons, 'icon-512.png'));
// Maskable: no corners of its own, the drawing within the safe circle.
const maskable = icon
  .replace(' rx="112"', '')
  .replace('<g fill="none"', '<g transform="translate(51 51) scale(.8)"><g fill="none"')
  .replace('</svg>', '</g></svg>');
await sharp(Buffer.from(maskable), { density: 144 })
  .resize(512)
  .png({ compressionLevel: 9 })
  .toFile(join(icons, 'maskable-512.png'));

const example = await readFile(join(root, 'app/example.svg'));
await sharp(example, { density: 96 })
  .flatten({ background: '#9fb0bd' })
  .jpeg({ quality: 88, mozjpeg: true })
  .toFile(join(root, 'public/example.jpg'));
