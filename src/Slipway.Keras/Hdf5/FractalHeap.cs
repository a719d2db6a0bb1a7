using System.Numerics;

namespace Slipway.Keras.Hdf5;

/// <summary>The heap that holds a group's links or an object's attributes when there are many. Managed and tiny objects are read, and huge ones that are addressed directly.</summary>
internal sealed class FractalHeap
{
    private readonly Hdf5Image _image;
    private readonly int _idLength;
    private readonly int _offsetBytes;
    private readonly int _lengthBytes;
    private readonly bool _checked;
    private readonly int _width;
    private readonly ulong _startingBlock;
    private readonly int _directRows;
    private readonly ulong _headerAddress;
    private readonly List<(ulong Offset, ulong Size, ulong Address)> _blocks = [];
    private readonly HashSet<ulong> _seen = [];

    private FractalHeap(Hdf5Image image, ulong address)
    {
        (_image, _headerAddress) = (image, address);
        Hdf5Cursor cursor = image.ReadMarked(address, "FRHP"u8, "fractal heap");
        cursor.Skip(1);
        _idLength = cursor.U16();
        int filterBytes = cursor.U16();
        _checked = (cursor.U8() & 2) != 0;
        uint largestManaged = cursor.U32();
        cursor.Length(); // next huge id
        cursor.Address(); // tree of huge objects
        cursor.Length(); // free space
        cursor.Address();
        for (int i = 0; i < 8; i++)
        {
            cursor.Length(); // managed space, allocated, iterator, counts and sizes of managed, huge and tiny objects
        }

        _width = cursor.U16();
        _startingBlock = cursor.Length();
        ulong largestDirect = cursor.Length();
        int heapBits = cursor.U16();
        cursor.Skip(2); // rows at the start
        ulong root = cursor.Address();
        int rows = cursor.U16();
        if (filterBytes > 0)
        {
            throw Hdf5Fault.NotSupported("a filtered heap");
        }

        cursor.VerifyChecksum();
        if (_width == 0 || !BitOperations.IsPow2(_startingBlock) || !BitOperations.IsPow2(largestDirect) || largestDirect < _startingBlock || heapBits is 0 or > 64 || largestManaged == 0)
        {
            throw Hdf5Fault.Damaged("a heap has sizes that can't be");
        }

        _offsetBytes = (heapBits + 7) / 8;
        _lengthBytes = (BitOperations.Log2(Math.Min(largestDirect, largestManaged)) / 8) + 1;
        _directRows = BitOperations.Log2(largestDirect) - BitOperations.Log2(_startingBlock) + 2;
        if (root == Hdf5Image.Undefined)
        {
            return;
        }

        if (rows == 0)
        {
            _blocks.Add((0, _startingBlock, root));
        }
        else
        {
            AddIndirect(root, 0, rows, 0);
        }
    }

    public static FractalHeap Read(Hdf5Image image, ulong address) => new(image, address);

    /// <summary>The object with an id; <paramref name="id"/> may be longer than the id.</summary>
    public ReadOnlyMemory<byte> Find(ReadOnlyMemory<byte> id)
    {
        _image.Step();
        if (id.Length < _idLength || _idLength == 0)
        {
            throw Hdf5Fault.Damaged("the id of a heap's object is too short");
        }

        Hdf5Cursor cursor = _image.Read(id[.._idLength], "the id of a heap's object");
        byte head = cursor.U8();
        switch ((head >> 4) & 3)
        {
            case 0:
                ulong offset = cursor.Unsigned(_offsetBytes);
                return Managed(offset, cursor.Unsigned(_lengthBytes));
            case 2 when _idLength <= 18:
                return id.Slice(1, Math.Min((head & 0x0F) + 1, _idLength - 1));
            case 1 when _idLength >= 1 + _image.OffsetSize + _image.LengthSize:
                ulong address = cursor.Address();
                return _image.Slice(address, cursor.Length(), "a heap's object");
            default:
                throw Hdf5Fault.NotSupported("a heap's object that is kept in a way that Keras does not use");
        }
    }

    private ReadOnlyMemory<byte> Managed(ulong offset, ulong length)
    {
        foreach ((ulong start, ulong size, ulong address) in _blocks)
        {
            if (offset >= start && offset - start < size)
            {
                ulong within = offset - start;
                return length <= size - within
                    ? _image.Slice(CheckedBlock(address, size), size, "a block of a heap").Slice((int)within, (int)length)
                    : throw Hdf5Fault.Damaged("a heap's object is larger than its block");
            }
        }

        throw Hdf5Fault.Damaged("a heap's object lies in no block");
    }

    // The checksum counts as zero while it is computed; it lies right after the block's own offset.
    private ulong CheckedBlock(ulong address, ulong size)
    {
        if (!_seen.Add(address))
        {
            return address;
        }

        Hdf5Cursor cursor = _image.ReadMarked(address, "FHDB"u8, "block of a heap");
        cursor.Skip(1);
        if (cursor.Address() != _headerAddress)
        {
            throw Hdf5Fault.Damaged("a block belongs to another heap");
        }

        cursor.Skip(_offsetBytes);
        if (_checked)
        {
            int at = cursor.Position;
            byte[] copy = _image.Slice(address, size, "a block of a heap").ToArray();
            copy.AsSpan(at, 4).Clear();
            if (cursor.U32() != Lookup3.Hash(copy))
            {
                throw Hdf5Fault.Damaged("the checksum of a block of a heap is wrong");
            }
        }

        return address;
    }

    private void AddIndirect(ulong address, ulong offset, int rows, int depth)
    {
        if (depth > Hdf5Limits.TreeDepth || rows > 64 || !_seen.Add(address))
        {
            throw Hdf5Fault.Damaged("the blocks of a heap form a ring");
        }

        Hdf5Cursor cursor = _image.ReadMarked(address, "FHIB"u8, "block of a heap");
        cursor.Skip(1 + _image.OffsetSize + _offsetBytes);
        for (int row = 0; row < rows; row++)
        {
            ulong size = row < 2 ? _startingBlock : _startingBlock << (row - 1);
            for (int column = 0; column < _width; column++, offset += size)
            {
                _image.Step();
                ulong child = cursor.Address();
                if (child == Hdf5Image.Undefined)
                {
                    continue;
                }

                if (row < _directRows)
                {
                    _blocks.Add((offset, size, child));
                }
                else
                {
                    AddIndirect(child, offset, BitOperations.Log2(size) - BitOperations.Log2(_startingBlock * (ulong)_width) + 1, depth + 1);
                }
            }
        }
    }
}
