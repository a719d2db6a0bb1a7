namespace Slipway.Keras.Hdf5;

/// <summary>A message of an object's header.</summary>
/// <param name="Type">What it is, one of <see cref="MessageType"/>.</param>
/// <param name="Flags">Bit 1: it lies elsewhere.</param>
/// <param name="Data">Its content.</param>
internal readonly record struct HeaderMessage(int Type, byte Flags, ReadOnlyMemory<byte> Data);

/// <summary>Kinds of messages that are read.</summary>
internal static class MessageType
{
    public const int Dataspace = 0x01;
    public const int LinkInfo = 0x02;
    public const int Datatype = 0x03;
    public const int OldFillValue = 0x04;
    public const int FillValue = 0x05;
    public const int Link = 0x06;
    public const int ExternalFiles = 0x07;
    public const int Layout = 0x08;
    public const int Filters = 0x0B;
    public const int Attribute = 0x0C;
    public const int Continuation = 0x10;
    public const int SymbolTable = 0x11;
    public const int AttributeInfo = 0x15;
}

/// <summary>The header of an object, versions 1 and 2: its messages in order, continuation blocks followed once each.</summary>
internal sealed class ObjectHeader
{
    private const byte SharedFlag = 0x02;

    private readonly List<HeaderMessage> _messages = [];

    private ObjectHeader()
    {
    }

    /// <summary>Reads the header at an address.</summary>
    public static ObjectHeader Read(Hdf5Image image, ulong address)
    {
        ObjectHeader header = new();
        ReadOnlyMemory<byte> bytes = image.From(address, "an object header");
        Queue<(ulong Address, ulong Length)> blocks = new();
        bool isNew = bytes.Span.StartsWith("OHDR"u8);
        byte flags = 0;
        if (isNew)
        {
            flags = header.ReadNewStart(image, bytes, blocks);
        }
        else
        {
            header.ReadOldStart(image, bytes, blocks);
        }

        HashSet<ulong> seen = [];
        while (blocks.TryDequeue(out (ulong Address, ulong Length) block))
        {
            if (!seen.Add(block.Address))
            {
                throw Hdf5Fault.Damaged("the blocks of an object header form a ring");
            }

            ReadOnlyMemory<byte> content = image.Slice(block.Address, block.Length, "a block of an object header");
            header.ReadMessages(image, isNew ? Checked(image, content) : content, isNew, flags, blocks);
        }

        return header;
    }

    /// <summary>The first message of a kind; null when there is none.</summary>
    public ReadOnlyMemory<byte>? Find(int type)
    {
        foreach (HeaderMessage message in _messages)
        {
            if (message.Type == type)
            {
                return Content(message);
            }
        }

        return null;
    }

    /// <summary>All messages of a kind.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> All(int type) => _messages.Where(message => message.Type == type).Select(Content);

    private static ReadOnlyMemory<byte> Content(HeaderMessage message) => (message.Flags & SharedFlag) == 0
        ? message.Data
        : throw Hdf5Fault.NotSupported("messages shared between objects (a committed data type)");

    private static ReadOnlyMemory<byte> Checked(Hdf5Image image, ReadOnlyMemory<byte> block)
    {
        if (block.Length < 8 || !block.Span.StartsWith("OCHK"u8))
        {
            throw Hdf5Fault.Damaged("there is no block of an object header where one should be");
        }

        Hdf5Cursor cursor = image.Read(block, "a block of an object header");
        cursor.Skip(block.Length - 4);
        cursor.VerifyChecksum();
        return block[4..^4];
    }

    private byte ReadNewStart(Hdf5Image image, ReadOnlyMemory<byte> bytes, Queue<(ulong Address, ulong Length)> blocks)
    {
        Hdf5Cursor cursor = image.Read(bytes, "an object header");
        cursor.Skip(4);
        if (cursor.U8() is var version and not 2)
        {
            throw Hdf5Fault.NotSupported($"an object header of version {version}");
        }

        byte flags = cursor.U8();
        cursor.Skip((flags & 0x20) != 0 ? 16 : 0); // times
        cursor.Skip((flags & 0x10) != 0 ? 4 : 0); // limits of compact attributes
        ulong size = cursor.Unsigned(1 << (flags & 3));
        if (size > (ulong)cursor.Remaining)
        {
            throw Hdf5Fault.Damaged("an object header lies beyond the end of the file");
        }

        int start = cursor.Position;
        cursor.Skip((int)size);
        cursor.VerifyChecksum();
        ReadMessages(image, bytes.Slice(start, (int)size), isNew: true, flags, blocks);
        return flags;
    }

    private void ReadOldStart(Hdf5Image image, ReadOnlyMemory<byte> bytes, Queue<(ulong Address, ulong Length)> blocks)
    {
        Hdf5Cursor cursor = image.Read(bytes, "an object header");
        if (cursor.U8() is var version and not 1)
        {
            throw Hdf5Fault.Damaged($"there is no object header where one should be (version {version})");
        }

        cursor.Skip(1 + 2 + 4); // reserved, count of messages (the blocks' sizes say as much), count of references
        uint size = cursor.U32();
        cursor.Align8();
        if (size > cursor.Remaining)
        {
            throw Hdf5Fault.Damaged("an object header lies beyond the end of the file");
        }

        ReadMessages(image, bytes.Slice(cursor.Position, (int)size), isNew: false, 0, blocks);
    }

    private void ReadMessages(Hdf5Image image, ReadOnlyMemory<byte> block, bool isNew, byte headerFlags, Queue<(ulong Address, ulong Length)> blocks)
    {
        Hdf5Cursor cursor = image.Read(block, "an object header");
        bool ordered = isNew && (headerFlags & 0x04) != 0;
        int prefix = isNew ? (ordered ? 6 : 4) : 8;
        while (cursor.Remaining >= prefix)
        {
            image.Step();
            int type = isNew ? cursor.U8() : cursor.U16();
            int size = cursor.U16();
            byte flags = cursor.U8();
            cursor.Skip(isNew ? (ordered ? 2 : 0) : 3);
            int start = cursor.Position;
            cursor.Skip(size);
            ReadOnlyMemory<byte> data = block.Slice(start, size);
            if (type == MessageType.Continuation)
            {
                Hdf5Cursor next = image.Read(data, "a continuation message");
                blocks.Enqueue((next.Address(), next.Length()));
            }
            else if (type != 0)
            {
                _messages.Add(new HeaderMessage(type, flags, data));
            }
        }
    }
}
