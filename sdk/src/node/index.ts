/** What Node needs and a browser never sees: picture files as pixels, for `FaceTracker` on a server. */
export { pictureReader, readPicture, type PictureReader } from './pictures.ts';
