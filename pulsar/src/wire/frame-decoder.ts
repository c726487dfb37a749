import { PulsarError } from '../errors';

/**
 * Cuts a byte stream into frames.
 *
 * States: *between frames*; *in a length* (some of its four bytes are in `length`); *in a frame* (`frame` is being
 * filled). A frame that arrives whole in one chunk is handed on as a view of that chunk; one that is spread over
 * chunks is copied once. Memory: at most one frame, and a size over `maxFrameSize` is refused before any is taken.
 */
export class FrameDecoder {
  private readonly length = Buffer.alloc(4);
  private lengthBytes = 0;
  private frame: Buffer | undefined;
  private filled = 0;

  /**
   * @param maxFrameSize largest frame accepted, without its four bytes of length
   * @param onFrame called with the bytes of each frame, without its length
   */
  constructor(
    public maxFrameSize: number,
    private readonly onFrame: (frame: Buffer) => void,
  ) {}

  /** Bytes held for a frame that is not complete. */
  get held(): number {
    return (this.frame?.length ?? 0) + this.lengthBytes;
  }

  /** Takes the next bytes of the stream. Throws PROTOCOL_ERROR for a size that cannot be; the stream is then lost. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.frame) at = this.fill(this.frame, chunk, at);
      else if (this.lengthBytes > 0 || chunk.length - at < 4) at = this.readLength(chunk, at);
      else {
        const size = this.checked(chunk.readUInt32BE(at));
        const end = at + 4 + size;
        if (end <= chunk.length) this.onFrame(chunk.subarray(at + 4, end));
        else this.begin(size);
        at = end <= chunk.length ? end : at + 4;
      }
    }
  }

  private readLength(chunk: Buffer, at: number): number {
    this.length[this.lengthBytes++] = chunk[at]!;
    if (this.lengthBytes === 4) {
      this.lengthBytes = 0;
      this.begin(this.checked(this.length.readUInt32BE(0)));
    }
    return at + 1;
  }

  private begin(size: number): void {
    this.frame = Buffer.allocUnsafeSlow(size);
    this.filled = 0;
  }

  private fill(frame: Buffer, chunk: Buffer, at: number): number {
    const copied = chunk.copy(frame, this.filled, at);
    this.filled += copied;
    if (this.filled === frame.length) {
      this.frame = undefined;
      this.onFrame(frame);
    }
    return at + copied;
  }

  private checked(size: number): number {
    if (size < 4 || size > this.maxFrameSize) {
      throw new PulsarError('PROTOCOL_ERROR', `a frame of ${size} bytes is outside 4 to ${this.maxFrameSize}`);
    }
    return size;
  }
}
