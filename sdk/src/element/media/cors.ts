/** Without CORS a picture of another site could be shown but not read. */
export function allowReading(element: HTMLImageElement | HTMLVideoElement, url: string): void {
  if (/^(https?:)?\/\//i.test(url)) element.crossOrigin = 'anonymous';
}
