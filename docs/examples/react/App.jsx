import { FaceKeypoints } from 'face-keypoints/react';
import { useState } from 'react';
import { describe } from '../describe.js';

export function App() {
  const [camera, setCamera] = useState(false);
  const [result, setResult] = useState('Loading');
  return (
    <>
      <FaceKeypoints
        src="../../example.jpg"
        overlay="contours"
        camera={camera}
        mirror={camera}
        onKeypoints={({ detail }) => setResult(describe(detail.faces))}
        onFaceError={({ detail }) => setResult(detail.message)}
      />
      <p>
        <button type="button" onClick={() => setCamera(!camera)}>
          Camera on or off
        </button>{' '}
        <output aria-live="off">{result}</output>
      </p>
    </>
  );
}
