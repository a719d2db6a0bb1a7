using System.Text;

namespace Slipway.OnnxRuntime.Text;

/// <summary>Strings put together.</summary>
internal static class TextJoins
{
    /// <summary>The strings of several tensors side by side, with a separator between; a tensor of one string goes with all.</summary>
    /// <exception cref="TextFault">Their shapes do not go together.</exception>
    public static TextTensor Join(IReadOnlyList<TextTensor> parts, string separator)
    {
        TextTensor widest = parts.MaxBy(static part => part.Shape.Length > 0 ? (1, part.Count) : (0, part.Count))!;
        if (parts.FirstOrDefault(part => part.Shape.Length > 0 && !part.Shape.SequenceEqual(widest.Shape)) is { } other)
        {
            throw new TextFault($"strings of shapes [{string.Join(',', widest.Shape)}] and [{string.Join(',', other.Shape)}] can't be joined");
        }

        byte[] between = Encoding.UTF8.GetBytes(separator);
        TextBuilder target = new();
        for (int i = 0; i < widest.Count; i++)
        {
            for (int part = 0; part < parts.Count; part++)
            {
                target.Append(part == 0 ? [] : between).Append(parts[part][parts[part].Shape.Length == 0 ? 0 : i]);
            }

            target.End();
        }

        return target.Build(widest.Shape);
    }

    /// <summary>The strings of the last dimension as one.</summary>
    /// <exception cref="TextFault">There is no dimension.</exception>
    public static TextTensor Reduce(TextTensor text, string separator)
    {
        if (text.Shape.Length == 0)
        {
            throw new TextFault("a single string has no dimension to join along");
        }

        byte[] between = Encoding.UTF8.GetBytes(separator);
        long[] shape = text.Shape[..^1];
        long width = text.Shape[^1];
        long rows = shape.Aggregate(1L, static (product, size) => product * size);
        TextBuilder target = new();
        for (long row = 0; row < rows; row++)
        {
            for (long i = 0; i < width; i++)
            {
                target.Append(i == 0 ? [] : between).Append(text[(int)((row * width) + i)]);
            }

            target.End();
        }

        return target.Build(shape);
    }
}
