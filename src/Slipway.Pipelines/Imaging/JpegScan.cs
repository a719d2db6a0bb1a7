namespace Slipway.Pipelines.Imaging;

/// <summary>One scan of a JPEG file (ITU-T T.81, annexes F and G): which components and which coefficients it brings, with which precision. Not thread-safe.</summary>
internal sealed class JpegScan
{
    private static readonly byte[] Order =
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    private readonly JpegFrame _frame;
    private readonly JpegComponent[] _components;
    private readonly int _first;
    private readonly int _last;
    private readonly int _high;
    private readonly int _low;

    // Blocks that the run of ends still covers (G.1.2.2).
    private int _endRun;

    /// <summary>Reads a scan header (B.2.3).</summary>
    /// <param name="frame">The frame that it belongs to.</param>
    /// <param name="segment">What stands behind the marker and its length.</param>
    /// <param name="constants">Tables for constant coefficients.</param>
    /// <param name="varying">Tables for the others.</param>
    public JpegScan(JpegFrame frame, ReadOnlySpan<byte> segment, HuffmanTable?[] constants, HuffmanTable?[] varying)
    {
        _frame = frame;
        int count = segment.Length > 0 ? segment[0] : 0;
        if (count is < 1 or > 3 || segment.Length != 4 + (2 * count))
        {
            throw Wrong();
        }

        _components = new JpegComponent[count];
        ReadOnlySpan<byte> range = segment[(1 + (2 * count))..];
        (_first, _last, _high, _low) = (range[0], range[1], range[2] >> 4, range[2] & 15);
        if (frame.IsProgressive
            ? _first > _last || _last > 63 || (_first == 0 && _last != 0) || (_first > 0 && count > 1) || _low > 13 || (_high > 0 && _low != _high - 1)
            : _first != 0 || _last != 63 || _high != 0 || _low != 0)
        {
            throw Wrong();
        }

        for (int i = 0; i < count; i++)
        {
            byte id = segment[1 + (2 * i)];
            byte tables = segment[2 + (2 * i)];
            JpegComponent component = frame.Components.FirstOrDefault(one => one.Id == id) ?? throw Wrong();
            if (_components.Contains(component) || tables >> 4 > 3 || (tables & 15) > 3)
            {
                throw Wrong();
            }

            component.Constant = _first == 0 && _high == 0 ? constants[tables >> 4] ?? throw NoTable() : null;
            component.Varying = _last > 0 ? varying[tables & 15] ?? throw NoTable() : null;
            if (frame.IsProgressive ? _first > 0 && !component.IsThere : component.IsThere)
            {
                throw Wrong();
            }

            _components[i] = component;
        }

        foreach (JpegComponent component in _components)
        {
            component.IsThere = true;
        }
    }

    /// <summary>Where in a block, by rows, the coefficients lie in the order in which they come (figure A.6).</summary>
    public static ReadOnlySpan<byte> ZigZag => Order;

    /// <summary>Reads the data.</summary>
    /// <param name="bits">At its first byte.</param>
    /// <param name="restartInterval">Units between restart markers; 0: none.</param>
    /// <param name="cancellationToken">Looked at between rows.</param>
    public void Read(ref EntropyReader bits, int restartInterval, CancellationToken cancellationToken)
    {
        // Alone, a component brings the blocks that hold samples of the image; together they come in units, those that only fill up included.
        bool isAlone = _components.Length == 1;
        JpegComponent only = _components[0];
        int across = isAlone ? (only.Width + 7) / 8 : only.BlocksAcross / only.Across;
        int down = isAlone ? (only.Height + 7) / 8 : only.BlocksDown / only.Down;
        int left = restartInterval;
        int restarts = 0;
        Reset();
        for (int row = 0; row < down; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int column = 0; column < across; column++)
            {
                if (restartInterval > 0 && left-- == 0)
                {
                    bits.Restart(restarts++ % 8);
                    Reset();
                    left = restartInterval - 1;
                }

                if (isAlone)
                {
                    ReadBlock(ref bits, only, only.Block(row, column));
                }
                else
                {
                    ReadUnit(ref bits, row, column);
                }
            }
        }
    }

    private static Slipway.Core.SlipwayException Wrong() => ImageFailure.Broken("a scan of the JPEG is broken");

    private static Slipway.Core.SlipwayException NoTable() => ImageFailure.Broken("a scan of the JPEG lacks its Huffman table");

    private void Reset()
    {
        _endRun = 0;
        foreach (JpegComponent component in _components)
        {
            component.Predicted = 0;
        }
    }

    private void ReadUnit(ref EntropyReader bits, int row, int column)
    {
        foreach (JpegComponent component in _components)
        {
            for (int y = 0; y < component.Down; y++)
            {
                for (int x = 0; x < component.Across; x++)
                {
                    ReadBlock(ref bits, component, component.Block((row * component.Down) + y, (column * component.Across) + x));
                }
            }
        }
    }

    private void ReadBlock(ref EntropyReader bits, JpegComponent component, Span<short> block)
    {
        if (!_frame.IsProgressive)
        {
            ReadConstant(ref bits, component, block);
            ReadVarying(ref bits, component.Varying!, block);
        }
        else if (_first == 0)
        {
            if (_high == 0)
            {
                ReadConstant(ref bits, component, block);
            }
            else if (bits.Take(1) != 0)
            {
                block[0] |= (short)(1 << _low);
            }
        }
        else if (_high == 0)
        {
            ReadVarying(ref bits, component.Varying!, block);
        }
        else
        {
            Refine(ref bits, component.Varying!, block);
        }
    }

    private void ReadConstant(ref EntropyReader bits, JpegComponent component, Span<short> block)
    {
        int size = component.Constant!.Decode(ref bits);
        if (size > 15)
        {
            throw ImageFailure.Broken("the JPEG has a coefficient that is too large");
        }

        component.Predicted += bits.TakeSigned(size);
        block[0] = (short)(component.Predicted << _low);
    }

    // F.2.2.2 and G.1.2.2: runs of zeros and the coefficients behind them; the first pass of a progressive one may end many blocks at once.
    private void ReadVarying(ref EntropyReader bits, HuffmanTable table, Span<short> block)
    {
        if (_endRun > 0)
        {
            _endRun--;
            return;
        }

        for (int place = Math.Max(1, _first); place <= _last; place++)
        {
            int symbol = table.Decode(ref bits);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (size == 0)
            {
                if (run < 15)
                {
                    _endRun = _frame.IsProgressive ? (1 << run) - 1 + bits.Take(run) : 0;
                    return;
                }

                place += 15;
                continue;
            }

            place += run;
            if (place > _last)
            {
                throw ImageFailure.Broken("the JPEG has a coefficient outside of its block");
            }

            block[ZigZag[place]] = (short)(bits.TakeSigned(size) << _low);
        }
    }

    // G.1.2.3: one more bit for the coefficients that are there, and new ones among those that were zero.
    private void Refine(ref EntropyReader bits, HuffmanTable table, Span<short> block)
    {
        int place = _first;
        if (_endRun == 0)
        {
            for (; place <= _last; place++)
            {
                int symbol = table.Decode(ref bits);
                int run = symbol >> 4;
                int size = symbol & 15;
                int fresh = 0;
                if (size == 1)
                {
                    fresh = bits.Take(1) != 0 ? 1 << _low : -1 << _low;
                }
                else if (size != 0)
                {
                    throw ImageFailure.Broken("the JPEG has a coefficient that can't be in its pass");
                }
                else if (run < 15)
                {
                    _endRun = (1 << run) + bits.Take(run);
                    break;
                }

                place = SkipZeros(ref bits, block, place, run);
                if (fresh != 0)
                {
                    block[ZigZag[place <= _last ? place : throw ImageFailure.Broken("the JPEG has a coefficient outside of its block")]] = (short)fresh;
                }
            }
        }

        if (_endRun > 0)
        {
            _ = SkipZeros(ref bits, block, place, 64);
            _endRun--;
        }
    }

    // Goes over so many zeros and gives the coefficients on the way their next bit; stops at the zero behind them.
    private int SkipZeros(ref EntropyReader bits, Span<short> block, int place, int zeros)
    {
        for (; place <= _last; place++)
        {
            ref short value = ref block[ZigZag[place]];
            if (value == 0)
            {
                if (zeros-- == 0)
                {
                    break;
                }
            }
            else if (bits.Take(1) != 0 && (value & (1 << _low)) == 0)
            {
                value += (short)(value > 0 ? 1 << _low : -1 << _low);
            }
        }

        return place;
    }
}
