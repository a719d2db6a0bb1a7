using Slipway.Core;
using Slipway.Formats.Onnx;
using Slipway.Formats.Protobuf;
using Slipway.TestKit;

namespace Slipway.Formats.Tests.Protobuf;

public sealed class ProtoReaderTests
{
    [Theory]
    [InlineData(0UL)]
    [InlineData(127UL)]
    [InlineData(128UL)]
    [InlineData(300UL)]
    [InlineData(ulong.MaxValue)]
    public void Numbers_are_read_as_written(ulong value)
    {
        ProtoWriter writer = new();
        writer.Int64(3, (long)value);
        ProtoReader reader = Reader(writer.Written.ToArray());

        Assert.True(reader.TryReadTag(out int field, out WireType wire));
        Assert.Equal((3, WireType.Varint, value), (field, wire, reader.ReadVarint()));
        Assert.False(reader.TryReadTag(out _, out _));
    }

    [Theory]
    [InlineData("08")]
    [InlineData("08ffffffffffffffffffff01")]
    [InlineData("0a05616263")]
    [InlineData("0affffffffffffffffff01")]
    [InlineData("00")]
    [InlineData("0b")]
    [InlineData("0d0000")]
    [InlineData("f8ffffffffffffffff0100")]
    public void What_is_no_protobuf_is_refused(string hex)
    {
        ProtoReader reader = Reader(Convert.FromHexString(hex));
        SlipwayException refused = Assert.Throws<SlipwayException>(() =>
        {
            while (reader.TryReadTag(out _, out WireType wire))
            {
                reader.Skip(wire);
            }
        });
        Assert.Equal(ErrorCode.InvalidModel, refused.Code);
    }

    [Fact]
    public void A_stream_shorter_than_promised_is_refused()
    {
        ProtoReader reader = new(new MemoryStream([0x08]), 100);
        Assert.Throws<SlipwayException>(() => { reader.TryReadTag(out _, out _); reader.ReadVarint(); });
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        byte[] inner = [];
        for (int i = 0; i < 300; i++)
        {
            // A subgraph in an attribute of a node, again and again.
            ProtoWriter graph = new();
            byte[] content = inner;
            graph.Message(1, node => node.Message(5, attribute => attribute.Bytes(6, content)));
            inner = graph.Written.ToArray();
        }

        ProtoWriter model = new();
        model.Bytes(7, inner);
        SlipwayException refused = Assert.Throws<SlipwayException>(() => OnnxReader.Read(new MemoryStream(model.Written.ToArray()), model.Written.Length));
        Assert.Contains("nested", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_nothing_but_empty_parts_is_refused_before_it_fills_the_memory()
    {
        byte[] nodes = new byte[6_000_000];
        for (int i = 0; i < nodes.Length; i += 2)
        {
            nodes[i] = 0x0A;
        }

        ProtoWriter model = new();
        model.Bytes(7, nodes);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<SlipwayException>(() => OnnxReader.Read(new MemoryStream(model.Written.ToArray()), model.Written.Length));

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 1L << 30, $"{allocated} bytes");
    }

    [Fact]
    public void A_huge_list_of_dimensions_is_refused()
    {
        ProtoWriter model = new();
        model.Message(7, graph => graph.Message(5, tensor => tensor.Bytes(1, new byte[3_000_000])));
        Assert.Throws<SlipwayException>(() => OnnxReader.Read(new MemoryStream(model.Written.ToArray()), model.Written.Length));
    }

    [Fact]
    public void Any_change_of_any_byte_is_read_or_refused_and_nothing_else()
    {
        byte[] bytes = OnnxModels.WithExternalData();
        Random random = new(7);
        for (int run = 0; run < 20_000; run++)
        {
            byte[] changed = [.. bytes];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            try
            {
                OnnxReader.Read(new MemoryStream(changed), changed.Length);
            }
            catch (SlipwayException refused)
            {
                Assert.Equal(ErrorCode.InvalidModel, refused.Code);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(64 * 1024)]
    [InlineData(65 * 1024)]
    [InlineData(1 << 20)]
    public void What_is_passed_over_leaves_the_reader_where_it_should_be(int length)
    {
        ProtoWriter writer = new();
        writer.Text(1, "before");
        writer.Bytes(2, new byte[length]);
        writer.Text(3, "after");
        byte[] bytes = writer.Written.ToArray();
        foreach (Stream source in (Stream[])[new MemoryStream(bytes), new ForwardOnlyStream(bytes)])
        {
            ProtoReader reader = new(source, bytes.Length);
            Assert.True(reader.TryReadTag(out _, out _));
            Assert.Equal("before", reader.ReadString());
            Assert.True(reader.TryReadTag(out _, out _));
            Assert.Equal(length, reader.SkipBytes().Length);
            Assert.True(reader.TryReadTag(out _, out _));
            Assert.Equal("after", reader.ReadString());
            Assert.Equal(bytes.Length, reader.Position);
        }
    }

    private static ProtoReader Reader(byte[] bytes) => new(new MemoryStream(bytes), bytes.Length);

    private sealed class ForwardOnlyStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
