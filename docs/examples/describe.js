/** What was found, in words. */
export function describe([face]) {
  if (!face) return 'No face';
  const [x, y] = face.keypoints.subarray(2 * 30); // point 30 is the tip of the nose
  const count = face.keypoints.length / 2;
  return `${count} points, nose at ${x.toFixed(0)}, ${y.toFixed(0)}, yaw ${face.pose.yaw.toFixed(0)}°`;
}
