using System.Globalization;

namespace Slipway.Sklearn.Pickle;

/// <summary>A field of a structured dtype.</summary>
internal sealed record NumpyField(string Name, NumpyDtype Type, int Offset);

/// <summary>
/// NumPy element type: a kind letter (<c>b i u f c O S U V M m</c>), a size and a byte order, or fields. Set up in two steps, as the file has it: from the spec string, then by the state.
/// </summary>
internal sealed class NumpyDtype
{
    private NumpyDtype(char kind, int size)
    {
        Kind = kind;
        Size = size;
    }

    /// <summary>Kind letter of NumPy's array interface.</summary>
    public char Kind { get; }

    /// <summary>Bytes of one element.</summary>
    public int Size { get; private set; }

    /// <summary>Whether multi-byte values are big-endian.</summary>
    public bool IsBigEndian { get; private set; }

    /// <summary>Fields of a structured type, by offset as the file gives them; empty for plain types.</summary>
    public IReadOnlyList<NumpyField> Fields { get; private set; } = [];

    /// <summary>Whether elements are Python objects, stored as a pickled list.</summary>
    public bool HasObjects => Kind == 'O' || Fields.Any(static part => part.Type.HasObjects);

    /// <summary>Reads a spec string such as <c>f8</c>, <c>&lt;i4</c>, <c>O8</c>, <c>U12</c>, <c>V64</c>; null when it is none.</summary>
    public static NumpyDtype? Parse(string spec)
    {
        ReadOnlySpan<char> text = spec;
        bool big = false;
        if (text.Length > 0 && text[0] is '<' or '>' or '|' or '=')
        {
            big = text[0] == '>';
            text = text[1..];
        }

        if (text.Length == 0)
        {
            return null;
        }

        // "?" and single letters are NumPy's character codes; only those that models are met with.
        switch (text)
        {
            case "?": return new NumpyDtype('b', 1);
            case "O": return new NumpyDtype('O', 8);
            case "d": return new NumpyDtype('f', 8) { IsBigEndian = big };
            case "f": return new NumpyDtype('f', 4) { IsBigEndian = big };
            default: break;
        }

        char kind = text[0];
        if (kind is not ('b' or 'i' or 'u' or 'f' or 'c' or 'O' or 'S' or 'U' or 'V' or 'M' or 'm'))
        {
            return null;
        }

        int bracket = text.IndexOf('[');
        ReadOnlySpan<char> digits = bracket < 0 ? text[1..] : text[1..bracket];
        int size = 0;
        if (digits.Length > 0 && (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size > 1 << 24))
        {
            return null;
        }

        bool known = kind switch
        {
            'b' => size == 1,
            'i' or 'u' => size is 1 or 2 or 4 or 8,
            'f' => size is 2 or 4 or 8 or 16,
            'c' => size is 8 or 16 or 32,
            _ => true,
        };
        return known ? new NumpyDtype(kind, kind == 'U' ? checked(size * 4) : kind is 'M' or 'm' or 'O' ? 8 : size) { IsBigEndian = big } : null;
    }

    /// <summary>
    /// Applies the state tuple of a pickled dtype: (version, byte order, subdtype, names, fields, item size, alignment, flags …). False when it is not one.
    /// </summary>
    public bool TryApply(PickleTuple state)
    {
        if (state.Count < 8 || state[0] is not long || state[1] is not string order || state[5] is not long itemSize)
        {
            return false;
        }

        IsBigEndian = order == ">";
        if (itemSize > 0)
        {
            if (itemSize > 1 << 26)
            {
                return false;
            }

            Size = (int)itemSize;
        }

        return state[3] is not PickleTuple names || TryApplyFields(names, state[4] as PickleDict);
    }

    private bool TryApplyFields(PickleTuple names, PickleDict? fields)
    {
        List<NumpyField> list = new(Math.Min(names.Count, 256));
        foreach (object? item in names.Items)
        {
            if (item is not string name || fields is null || !fields.TryGet(name, out object? entry)
                || entry is not PickleTuple { Count: >= 2 } pair || pair[0] is not NumpyDtype type || pair[1] is not long offset
                || offset < 0 || offset + type.Size > Size || ReferenceEquals(type, this) || type.Fields.Count > 0)
            {
                return false;
            }

            list.Add(new NumpyField(name, type, (int)offset));
        }

        Fields = list;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Fields.Count > 0
        ? $"{{{string.Join(", ", Fields.Select(static part => $"{part.Name}: {part.Type}"))}}}"
        : $"{Kind}{(Kind == 'U' ? Size / 4 : Size)}";
}
