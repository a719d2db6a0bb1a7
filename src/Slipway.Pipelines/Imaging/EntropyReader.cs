namespace Slipway.Pipelines.Imaging;

/// <summary>
/// Reads the bits of a scan (ITU-T T.81, F.2.2.5): a zero behind 0xFF is no data, anything else ends the scan. Reading on behind the end is an error, looking ahead is not.
/// </summary>
internal ref struct EntropyReader(ReadOnlySpan<byte> file, int at)
{
    private readonly ReadOnlySpan<byte> _file = file;
    private int _at = at;
    private ulong _bits;
    private int _count;

    // Bits behind the end, which only fill up.
    private int _empty;

    /// <summary>Where the data ended: the next marker, once everything has been read.</summary>
    public readonly int Position => _at;

    /// <summary>The next bits, up to 16, without taking them.</summary>
    public int Peek(int count)
    {
        if (_count < count)
        {
            Fill();
        }

        return (int)(_bits >> (_count - count)) & ((1 << count) - 1);
    }

    /// <summary>Takes bits that were looked at.</summary>
    public void Skip(int count)
    {
        _count -= count;
        if (_count < _empty)
        {
            throw ImageFailure.Broken("the JPEG ends too early");
        }
    }

    /// <summary>Takes bits, up to 16, as a number.</summary>
    public int Take(int count)
    {
        int value = Peek(count);
        Skip(count);
        return value;
    }

    /// <summary>Takes a number of so many bits with its sign (F.2.2.1, EXTEND).</summary>
    public int TakeSigned(int count)
    {
        if (count == 0)
        {
            return 0;
        }

        int value = Take(count);
        return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
    }

    /// <summary>Goes behind the restart marker that must come now.</summary>
    public void Restart(int number)
    {
        (_bits, _count, _empty) = (0, 0, 0);
        while (_at + 1 < _file.Length && _file[_at] == 0xFF && _file[_at + 1] == 0xFF)
        {
            _at++;
        }

        if (_at + 1 >= _file.Length || _file[_at] != 0xFF || _file[_at + 1] != 0xD0 + number)
        {
            throw ImageFailure.Broken("the JPEG lacks a restart marker");
        }

        _at += 2;
    }

    private void Fill()
    {
        while (_count <= 48)
        {
            byte next = 0;
            if (_at < _file.Length && (_file[_at] != 0xFF || (_at + 1 < _file.Length && _file[_at + 1] == 0)))
            {
                next = _file[_at];
                _at += next == 0xFF ? 2 : 1;
            }
            else
            {
                _empty += 8;
            }

            _bits = (_bits << 8) | next;
            _count += 8;
        }
    }
}
