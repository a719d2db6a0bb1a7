namespace Slipway.Cli.Benchmarking;

/// <summary>Finds the end of a chunked body in bytes as they arrive. Trailers are not expected after a request that did not ask for them.</summary>
internal sealed class ChunkedEnd
{
    private State _state = State.Size;
    private long _size;

    private enum State
    {
        Size = 0,
        Extension = 1,
        Data = 2,
        End = 3,
    }

    /// <summary>Looks at further bytes; true when the body has ended.</summary>
    /// <exception cref="InvalidDataException">The bytes are not chunks.</exception>
    public bool Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            switch (_state)
            {
                case State.Data:
                    int taken = (int)Math.Min(_size, bytes.Length);
                    _size -= taken;
                    bytes = bytes[taken..];
                    _state = _size == 0 ? State.Size : State.Data;
                    continue;
                case State.Size when bytes[0] is (byte)'\r' or (byte)';':
                    _state = State.Extension;
                    break;
                case State.Size:
                    _size = (_size * 16) + Digit(bytes[0]);
                    break;
                case State.Extension when bytes[0] == '\n':
                    // Data is followed by CR LF, which counts as part of it here; the last chunk is empty and has only that.
                    _state = _size == 0 ? State.End : State.Data;
                    _size += 2;
                    break;
                case State.End:
                    if (--_size == 0)
                    {
                        return true;
                    }

                    break;
                default:
                    break;
            }

            bytes = bytes[1..];
        }

        return false;
    }

    private static int Digit(byte character) => char.IsAsciiHexDigit((char)character)
        ? Convert.ToInt32(((char)character).ToString(), 16)
        : throw new InvalidDataException("the answer's chunks are damaged");
}
